"""What several commands share: options, how the service and the key are found, and how a command says what it did."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import httpx2
import typer
from rich.console import Console

from hitl.cli.commands import accounts
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.identity import Role
from hitl.settings import Settings

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        "--api",
        envvar=["HITL_API_URL", "HITL_URL"],
        help="The service; default: the one that runs here. --api and HITL_URL are their older names.",
    ),
]
Key = Annotated[
    str, typer.Option("--key", envvar="HITL_API_KEY", help="Your key: better in the environment, which ps does not show.")
]
OwnKey = Annotated[
    str | None, typer.Option("--key", envvar="HITL_API_KEY", help="Default: a key of this machine's own, for this call.")
]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Trials = Annotated[int | None, typer.Option(min=1, help="How many trials of the search; default: as the task says.")]
Repeatable = Annotated[str | None, typer.Option("--idempotency-key", help="Repeating the command with it has one effect.")]

OWN_ACCOUNT = "quality-command"
"""The account of the key that is issued for one call, where the caller brought none."""

console, aside = Console(), Console(stderr=True)

transport: httpx2.BaseTransport | None = None
"""In place of the network, for tests."""


def client_of(url: str | None, key: str) -> Client:
    """Return a client of the service at ``url``, or of the one that runs here. Raises NotStarted where none does."""
    return Client(url or control.running(place_of(Settings().data_dir)).url, key, transport=transport)


@contextmanager
def asking(url: str | None, key: str | None) -> Iterator[Client]:
    """A client of the service. Without a key, one of this machine's own that ends with the call. Raises NotStarted."""
    if key:
        with client_of(url, key) as client:
            yield client
        return
    state = control.running(place_of(Settings().data_dir))
    issued = accounts.issue_all(state.redis_url, {OWN_ACCOUNT: [Role.OPERATOR]})[OWN_ACCOUNT]
    try:
        with client_of(url or state.url, issued) as client:
            yield client
    finally:
        accounts.revoke(state.redis_url, issued.split("_")[1])


def tell(found: object, line: str, as_json: bool) -> None:
    """Print ``found`` as one JSON document, or ``line`` for a person."""
    if as_json:
        console.print_json(json.dumps(found))
    else:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def progress(as_json: bool) -> Callable[[str], None]:
    """Return what prints the lines of long work: beside the output, where that is one JSON document."""
    where = aside if as_json else console

    def told(line: str) -> None:
        where.print(line, markup=False, highlight=False, soft_wrap=True)

    return told
