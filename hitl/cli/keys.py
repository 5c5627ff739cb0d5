"""``hitl keys``: issue, list and revoke."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.cli import accounts, show
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.identity import Role
from hitl.settings import Settings

keys_app = typer.Typer(no_args_is_help=True, help="The keys of callers: their texts are shown once and kept nowhere.")
console = Console()


def store_url() -> str:
    """The store of the settings, or of the service that runs here. Raises NotStarted."""
    settings = Settings()
    return settings.external_redis_url or control.running(place_of(settings.data_dir)).redis_url


@keys_app.command("issue")
def issue_key(
    account: str,
    role: Annotated[list[Role], typer.Option(help="May come several times.")],
    task: Annotated[list[str], typer.Option(help="Only for these tasks.")] = [],  # noqa: B006 - typer reads the default
) -> None:
    """Issue a key for ACCOUNT and print it, once."""
    show.new_keys(console, accounts.issue_all(store_url(), {account: role}, task))


@keys_app.command("list")
def list_keys() -> None:
    """Every key that is valid, without its secret."""
    table = Table("key", "account", "roles", "tasks")
    for record in accounts.list_keys(store_url()):
        who = record.principal
        table.add_row(record.key_id, who.id, ", ".join(sorted(who.roles)), ", ".join(sorted(who.tasks)) or "all")
    console.print(table)


@keys_app.command("revoke")
def revoke_key(key_id: str) -> None:
    """Make a key worthless, within two seconds."""
    accounts.revoke(store_url(), key_id)
    console.print(f"revoked {key_id}")
