"""``hitl accounts``: set and list accounts' roles, directly in the store."""

import getpass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.cli.commands import accounts, recovery, show
from hitl.cli.commands.connection import JsonOutput, tell
from hitl.cli.commands.keys import store_url
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.recoveries import Recovery

accounts_app = typer.Typer(no_args_is_help=True, help="What accounts may do, for all of their keys and sessions.")
console = Console()

Names = Annotated[list[str], typer.Option(help="May come several times; without it, every one.")]


@accounts_app.command("set")
def set_account(
    account: str,
    role: Annotated[list[Role], typer.Option(help="May come several times.")],
    task: Names = [],  # noqa: B006 - typer reads the default
    queue: Names = [],  # noqa: B006
    skill: Annotated[list[str], typer.Option(help="What reviews may ask for.")] = [],  # noqa: B006
    disable: Annotated[bool, typer.Option("--disable", help="Its keys and sessions are worthless.")] = False,
    as_json: JsonOutput = False,
) -> None:
    """Say all that ACCOUNT may do from now on; in force within two seconds. The roles approver and admin take a second person
    (PUT /v1/accounts/ACCOUNT), or 'hitl accounts recover'."""
    sets = (frozenset(task), frozenset(queue), frozenset(skill))
    wish = Account(account, frozenset(role), *sets, is_disabled=disable)
    accounts.set_account(store_url(), wish)
    tell(_plain(wish), f"{account}: {'disabled' if disable else ', '.join(sorted(role))}", as_json)


@accounts_app.command("recover")
def recover_account(
    account: str,
    reason: Annotated[str, typer.Option(help="Why: it stands in the access journal.")],
    role: Annotated[list[Role], typer.Option(help="approver, admin, or both.")] = [Role.APPROVER],  # noqa: B006
    as_json: JsonOutput = False,
) -> None:
    """Give ACCOUNT a role that takes a second person, and a key, where no second person is left: on the record first."""
    wish = Recovery(account, tuple(role), getpass.getuser(), reason)
    show.new_keys(console, recovery.recover(store_url(), wish), as_json)


@accounts_app.command("resume")
def resume_accounts(account: list[str], as_json: JsonOutput = False) -> None:
    """Let accounts that a restored backup brought back work again, with the rights that they had there."""
    for each in account:
        accounts.resume_account(store_url(), each)
    tell({"resumed": account}, "\n".join(f"{each} works again" for each in account), as_json)


@accounts_app.command("list")
def list_accounts(as_json: JsonOutput = False) -> None:
    """Every account that was set, and what it may do."""
    found = accounts.list_accounts(store_url())
    if as_json:
        console.print_json(data={"accounts": [_plain(each) for each in found]})
        return
    table = Table("account", "roles", "tasks", "queues", "skills", "")
    for each in found:
        shown = (", ".join(sorted(names)) for names in (each.roles, each.tasks, each.queues, each.skills))
        table.add_row(each.id, *shown, "disabled" if each.is_disabled else "held since a restore" if each.is_held else "")
    console.print(table)


def _plain(account: Account) -> dict[str, object]:
    names = {"roles": account.roles, "tasks": account.tasks, "queues": account.queues, "skills": account.skills}
    sets = {name: sorted(values) for name, values in names.items()}
    return {"account": account.id, **sets, "is_disabled": account.is_disabled, "is_held": account.is_held}
