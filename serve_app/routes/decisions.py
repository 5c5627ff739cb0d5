"""The outcome of a case, at once or when there is one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from hitl.errors import NotFound
from hitl.intake import StoredCase
from hitl.review import OutcomeOf
from hitl.routing.route import Action
from serve_app.answers import answer as answer_of
from serve_app.context import AnyCaller, Ports, PortsOf
from serve_app.finding import visible_case
from serve_app.shards import shard_of_case
from serve_app.strict_route import StrictRoute

router = APIRouter(tags=["decisions"], route_class=StrictRoute)

SAID_BY_PEOPLE = ("review_id", "status", "outcome", "history")

Wait = Annotated[float, Query(ge=0, le=60, allow_inf_nan=False, description="seconds to wait for a final outcome")]


@router.get("/v1/decisions/{case_id}", summary="A case and its outcome (its client, or a person of its task)")
async def decision(case_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0) -> dict[str, Any]:
    case = await visible_case(ports, caller.principal, case_id)
    answer = answer_of(case.record, case.payload)
    if case.record.action == Action.AUTOMATIC:
        return answer
    return answer | await _reviewed(ports, case, wait)


async def _reviewed(ports: Ports, case: StoredCase, wait_s: float) -> dict[str, Any]:
    """What the people say of ``case``."""
    case_id = case.record.case_id
    shard = shard_of_case(case_id, ports.partitions)
    try:
        said = await ports.shards.wait(shard, case_id, OutcomeOf(case_id), wait_s)
    except NotFound:
        # Acknowledged, and its review is not queued yet: milliseconds, or as long as the shard recovers.
        return {"review_id": None, "history": []}
    return {name: said[name] for name in SAID_BY_PEOPLE}
