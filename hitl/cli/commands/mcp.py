"""``hitl mcp``: the service's tools for agents, over the Model Context Protocol."""

import typer


def mcp() -> None:
    """Serve tools for agents over standard input and output, with HITL_API_URL and HITL_API_KEY."""
    try:
        from hitl.integrations.mcp_server import main
    except ImportError as error:
        typer.echo(f"the extra 'mcp' is missing: pip install 'ray-hitl[mcp]' ({error})", err=True)
        raise typer.Exit(1) from error
    main()
