"""The alerts that stand now."""

from fastapi import APIRouter

from hitl.errors import Forbidden
from hitl.identity import Role
from serve_app.api.services.context import AnyCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.operation import StandingAlerts

router = APIRouter(prefix="/v1/alerts", tags=["alerts"], route_class=StrictRoute)


@router.get("", summary="The alerts that stand, and since when (operator of every task)")
async def list_alerts(ports: PortsOf, caller: AnyCaller) -> StandingAlerts:
    caller.principal.require("see alerts", Role.OPERATOR)
    if caller.principal.tasks:
        raise Forbidden(caller.principal.id, "see alerts about other tasks")
    standing = await ports.records.alerts.standing()
    return StandingAlerts([alert for _, alert in sorted(standing.items())])
