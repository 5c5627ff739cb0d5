"""Find and keep accounts as a caller may: an admin who is bound to tasks or queues keeps accounts and keys within them."""

from typing import Annotated

from fastapi import Path

from hitl.access import AccountOf
from hitl.errors import NotFound
from hitl.identity import Role
from hitl.identity.accounts import Account, accounts_by_id
from hitl.machine.shards import ACCESS
from serve_app.api.services.context import ApiPorts, Caller

AccountName = Annotated[str, Path(pattern=r"^[A-Za-z0-9~][A-Za-z0-9._@+~-]{0,99}$")]


def require_admin(caller: Caller) -> None:
    """Raises Forbidden."""
    caller.principal.require("keep accounts and keys", Role.ADMIN)


async def account_of(ports: ApiPorts, caller: Caller, name: str) -> Account:
    """Raises NotFound."""
    found = (await known_accounts(ports)).get(name)
    if found is None or not caller.principal.manages(found.principal()):
        raise NotFound("account", name)
    return found


async def known_accounts(ports: ApiPorts) -> dict[str, Account]:
    """Return the accounts by id, with those that exist only as the owners of keys."""
    return accounts_by_id(await ports.directory.accounts(), await ports.directory.all())


async def follow_journal(ports: ApiPorts, account: str) -> None:
    """Put the account as the access journal has it, until both agree: a repeated request has its old answer, and two at once
    may put theirs in another order than the journal's."""
    put = None
    while (now := (await ports.shards.ask(ACCESS, AccountOf(account))).account) is not None and now != put:
        await ports.directory.put_account(Account.of_view(now))
        put = now
