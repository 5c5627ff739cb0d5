"""Accounts: who may do what, from now on. Every change stands in the access journal before it works."""

from fastapi import APIRouter

from hitl.access import ChangeAccount
from hitl.errors import Forbidden, InvalidInput, NotFound
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.views import AccountView
from hitl.machine.shards import ACCESS
from serve_app.api.bodies.identity import AccountBody
from serve_app.api.services.account_rights import AccountName, known_accounts, require_admin
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.identity import Accounts

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=StrictRoute)


@router.get("/accounts", summary="Every account and what it may do (admin)")
async def accounts(ports: PortsOf, caller: AnyCaller) -> Accounts:
    require_admin(caller)
    known = [each for each in (await known_accounts(ports)).values() if caller.principal.manages(each.principal())]
    return Accounts([account.view() for account in sorted(known, key=lambda each: each.id)])


@router.put("/accounts/{account}", summary="Say what the account may do, or make it (admin)")
async def put_account(account: AccountName, body: AccountBody, ports: PortsOf, caller: KeyedCaller) -> AccountView:
    """Works everywhere within two seconds, for its keys and its sessions alike."""
    require_admin(caller)
    made = Account.from_plain({"account": account, **body.model_dump(), "roles": _roles(body.roles)})
    await _check_within(ports, caller, made)
    command = ChangeAccount(made.view(), caller.principal.id)
    told = await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
    await ports.directory.put_account(made)
    return told


async def _check_within(ports: ApiPorts, caller: Caller, made: Account) -> None:
    """Raises NotFound for an account beyond the caller's tasks and queues, Forbidden for rights beyond them."""
    known = (await known_accounts(ports)).get(made.id)
    if known is not None and not caller.principal.manages(known.principal()):
        raise NotFound("account", made.id)
    if not caller.principal.manages(made.principal()):
        raise Forbidden(caller.principal.id, "give rights beyond their own tasks and queues")


def _roles(names: list[str]) -> list[str]:
    if unknown := set(names) - {role.value for role in Role}:
        raise InvalidInput("/roles", f"roles out of {', '.join(Role)}; {len(unknown)} are unknown")
    return names
