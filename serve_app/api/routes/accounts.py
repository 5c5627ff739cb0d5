"""Accounts: who may do what, from now on. Every change stands in the access journal before it works."""

from fastapi import APIRouter, Response

from hitl.access import ChangeAccount
from hitl.access.views import GrantView
from hitl.errors import Forbidden, InvalidInput, NotFound
from hitl.identity import Role
from hitl.identity.accounts import Account
from hitl.identity.views import AccountView
from hitl.machine.shards import ACCESS
from serve_app.api.bodies.identity import AccountBody
from serve_app.api.services.account_rights import AccountName, follow_journal, known_accounts, require_admin
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.second_person import WAITS, grant_of
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.identity import Accounts

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=StrictRoute)


@router.get("/accounts", summary="Every account and what it may do (admin)")
async def list_accounts(ports: PortsOf, caller: AnyCaller) -> Accounts:
    require_admin(caller)
    known = [each for each in (await known_accounts(ports)).values() if caller.principal.manages(each.principal())]
    return Accounts([account.view() for account in sorted(known, key=lambda each: each.id)])


@router.put("/accounts/{account}", summary="Say what the account may do, or make it (admin)", responses=WAITS)
async def put_account(
    account: AccountName, body: AccountBody, response: Response, ports: PortsOf, caller: KeyedCaller
) -> AccountView | GrantView:
    """Works everywhere within two seconds, for its keys and its sessions alike. 202 and a grant for a role that takes a second
    person (approver, admin): nothing has changed until they confirm it."""
    require_admin(caller)
    made = Account.from_plain({"account": account, **body.model_dump(), "roles": _roles(body.roles)})
    known = await _managed(ports, caller, made)
    if made.needs_second_person(known):
        grant = await grant_of(ports, caller, "account", made, body.model_dump())
        response.status_code = 202 if grant.status == "open" else 200
        return grant
    command = ChangeAccount(made.view(), caller.principal.id)
    told = await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
    await follow_journal(ports, account)
    return told


async def _managed(ports: ApiPorts, caller: Caller, made: Account) -> Account | None:
    """Return the account as it is. Raises NotFound for one beyond the caller's tasks and queues, Forbidden for rights beyond
    them, InvalidInput for a new name that people would mix up with another."""
    everybody = await known_accounts(ports)
    known = everybody.get(made.id)
    if known is None:
        _check_name(made.id, [each.id for each in everybody.values() if caller.principal.manages(each.principal())])
    if known is not None and not caller.principal.manages(known.principal()):
        raise NotFound("account", made.id)
    if not caller.principal.manages(made.principal()):
        raise Forbidden(caller.principal.id, "give rights beyond their own tasks and queues")
    return known


def _check_name(name: str, others: list[str]) -> None:
    alike = sorted(other for other in others if other.casefold() == name.casefold())
    if alike:
        raise InvalidInput("/account", f"a name that differs from {alike[0]!r} by more than upper and lower case")


def _roles(names: list[str]) -> list[str]:
    if unknown := set(names) - {role.value for role in Role}:
        raise InvalidInput("/roles", f"roles out of {', '.join(Role)}; {len(unknown)} are unknown")
    return names
