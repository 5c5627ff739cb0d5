"""Legal holds: what must be kept, single cases and the days of a task."""

from fastapi import APIRouter

from hitl.access import HoldDays, Holds
from hitl.access.views import HeldCases, HeldDays
from hitl.errors import NotFound
from hitl.identity import Role
from hitl.machine.shards import ACCESS
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.finding import works_on
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.strict_body import HoldDaysBody

router = APIRouter(prefix="/v1/holds", tags=["cases"], route_class=StrictRoute)


@router.get("", summary="What must be kept now, until when, and who said so (operator, admin)")
async def list_holds(ports: PortsOf, caller: AnyCaller) -> HeldCases:
    """Holds of the tasks that the caller sees."""
    caller.principal.require("keep cases", Role.OPERATOR, Role.ADMIN)
    held = await ports.shards.ask(ACCESS, Holds())
    cases = [hold for hold in held.cases if works_on(caller.principal, hold.task)]
    days = [hold for hold in held.days if works_on(caller.principal, hold.task)]
    return HeldCases([hold.case_id for hold in cases], cases, days)


@router.post("/days", summary="Keep all cases of a task and some days until then (operator; an admin may shorten it)")
async def hold_days(body: HoldDaysBody, ports: PortsOf, caller: KeyedCaller) -> HeldDays:
    """Erasing one of them is refused with 409 ``on-hold``, and retention passes over them. An ``until`` in the past ends the
    hold of exactly these days."""
    caller.principal.require("keep cases", Role.OPERATOR, Role.ADMIN)
    if body.task not in ports.tasks or not works_on(caller.principal, body.task):
        raise NotFound("task", body.task)
    days = (body.task, body.first_day, body.last_day)
    held = (await ports.shards.ask(ACCESS, Holds())).days
    if any((hold.task, hold.first_day, hold.last_day) == days and body.until < hold.until for hold in held):
        caller.principal.require("shorten a hold", Role.ADMIN)
    command = HoldDays(*days, body.until, caller.principal.id, body.reason)
    return await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))
