"""``hitl models``: what serves a task, and serving an earlier version again."""

from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, Key, Repeatable, Url, client_of, tell

models_app = typer.Typer(no_args_is_help=True, help="What serves. Needs an operator's key in HITL_API_KEY.")


@models_app.command("show")
def show(task: str, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Show the versions that serve TASK, each with its share."""
    with client_of(url, key) as client:
        found = client.model(task)
    serving = found["serving"]
    lines = [f"{digest} {share:g}" for digest, share in serving["versions"]] if serving else []
    tell(found, "\n".join(lines) or f"nothing serves {task}", as_json)


@models_app.command("rollback")
def rollback(
    task: str,
    digest: Annotated[str, typer.Argument(help="The whole digest of a version that was deployed before.")],
    reason: Annotated[str, typer.Option(help="Why: it stands in the history.")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
    idempotency_key: Repeatable = None,
) -> None:
    """Serve an earlier version of TASK again, at once and without a vote."""
    with client_of(url, key) as client:
        told = client.roll_back(task, digest, reason, idempotency_key)
    tell(told, f"{task} is served by {digest[:12]} again, generation {told['generation']}", as_json)
