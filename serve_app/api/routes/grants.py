"""Rights that take a second person: roles that vote, and those who could give them."""

from fastapi import APIRouter

from hitl.access import GrantOf, RecentGrants, SettleGrant
from hitl.access.views import Grants, GrantView
from hitl.errors import Forbidden, NotFound
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.machine.shards import ACCESS
from serve_app.api.services.account_rights import follow_journal
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/grants", tags=["accounts"], route_class=StrictRoute)


@router.get("", summary="Rights that wait for a second person, and what became of others (approver, admin)")
async def list_grants(ports: PortsOf, caller: AnyCaller) -> Grants:
    _require_second(caller)
    found = (await ports.shards.ask(ACCESS, RecentGrants())).grants
    return Grants([grant for grant in found if _covers(caller.principal, grant)])


@router.post("/{grant_id}/confirm", summary="Give the rights, as a second person (approver, admin; not who asked)")
async def confirm_grant(grant_id: str, ports: PortsOf, caller: KeyedCaller) -> GrantView:
    """A new key is then issued to who asked, when they repeat their request with its Idempotency-Key."""
    told = await _settle(ports, caller, grant_id, is_confirmed=True)
    if told.kind == "account":
        await follow_journal(ports, told.wish.account)
    return told


@router.post("/{grant_id}/refuse", summary="Refuse the rights, or take the wish back (approver, admin)")
async def refuse_grant(grant_id: str, ports: PortsOf, caller: KeyedCaller) -> GrantView:
    return await _settle(ports, caller, grant_id, is_confirmed=False)


async def _settle(ports: ApiPorts, caller: Caller, grant_id: str, *, is_confirmed: bool) -> GrantView:
    """Raises NotFound, Forbidden, GrantClosed."""
    _require_second(caller)
    found = (await ports.shards.ask(ACCESS, GrantOf(grant_id))).grant
    if found is None or not _covers(caller.principal, found):
        raise NotFound("grant", grant_id)
    command = SettleGrant(grant_id, is_confirmed, caller.principal.id)
    return await ports.shards.submit(ACCESS, caller.envelope(command, {}))


def _require_second(caller: Caller) -> None:
    if not caller.principal.roles & {Role.APPROVER, Role.ADMIN}:
        raise Forbidden(caller.principal.id, "grant rights")


def _covers(who: Principal, grant: GrantView) -> bool:
    """Tell whether the wish is within the caller's own bounds."""
    return who.bounds(Account.of_view(grant.wish).principal())
