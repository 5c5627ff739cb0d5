"""``hitl demo``."""

import typer
from rich.console import Console

from hitl.cli.demo.run import run_demo


def demo() -> None:
    """The whole loop on handwritten digits, measured: about five minutes, with a data directory of its own."""
    raise typer.Exit(run_demo(Console()))
