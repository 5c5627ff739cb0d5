"""``hitl cases``: reveal or erase sealed inputs of a case, over the API with the caller's own key."""

import os
from typing import Annotated

import typer
from rich.console import Console

from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.errors import InvalidConfig
from hitl.settings import Settings

cases_app = typer.Typer(no_args_is_help=True, help="Sealed inputs of cases. Needs an operator's key in HITL_API_KEY.")
console = Console()

Reason = Annotated[str, typer.Option(help="Why: it stands in the access journal.")]
Url = Annotated[str | None, typer.Option(help="The service; without it the one that runs here.")]


@cases_app.command("erase")
def erase(case_id: str, reason: Reason, url: Url = None) -> None:
    """Forget the input of CASE_ID for ever. Its decision, and every chain, stay."""
    with _client(url) as client:
        console.print_json(data=client.erase_case(case_id, reason))


@cases_app.command("reveal")
def reveal(case_id: str, reason: Reason, url: Url = None) -> None:
    """Show the whole input of CASE_ID, after the access journal says who asked."""
    with _client(url) as client:
        console.print_json(data=client.reveal_case(case_id, reason))


def _client(url: str | None) -> Client:
    key = os.environ.get("HITL_API_KEY", "")
    if not key:
        raise InvalidConfig("environment", "HITL_API_KEY", "an operator's key")
    return Client(url or control.running(place_of(Settings().data_dir)).url, key)
