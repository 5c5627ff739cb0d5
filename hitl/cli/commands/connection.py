"""Find the service and the key of a command that speaks for its caller, and print what the service answers."""

import json
from typing import Annotated

import httpx2
import typer
from rich.console import Console

from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.settings import Settings

Url = Annotated[str | None, typer.Option("--url", envvar="HITL_API_URL", help="The service; default: the one that runs here.")]
Key = Annotated[
    str, typer.Option("--key", envvar="HITL_API_KEY", help="Your key: better in the environment, which ps does not show.")
]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Repeatable = Annotated[str | None, typer.Option("--idempotency-key", help="Repeating the command with it has one effect.")]

console = Console()

transport: httpx2.BaseTransport | None = None
"""In place of the network, for tests."""


def client_of(url: str | None, key: str) -> Client:
    """Return a client of the service at ``url``, or of the one that runs here. Raises NotStarted where none does."""
    return Client(url or control.running(place_of(Settings().data_dir)).url, key, transport=transport)


def tell(found: object, line: str, as_json: bool) -> None:
    """Print ``found`` as one JSON document, or ``line`` for a person."""
    if as_json:
        console.print_json(json.dumps(found))
    else:
        console.print(line, markup=False, highlight=False)
