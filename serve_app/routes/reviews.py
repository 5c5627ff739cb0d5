"""One review in the hands of the person who holds its lease."""

from typing import Any

from fastapi import APIRouter

from hitl.errors import NotFound
from hitl.identity import Role
from hitl.review import Decide, Escalate, Release, ReviewOf
from serve_app.bodies import DecisionBody, EscalateBody, HeartbeatBody, ReleaseBody
from serve_app.context import AnyCaller, Caller, KeyedCaller, Ports, PortsOf
from serve_app.finding import case_of_review, viewer_of
from serve_app.shards import shard_of_case
from serve_app.strict_route import StrictRoute

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["reviews"], route_class=StrictRoute)

CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "the lease is not valid, or somebody decided: says who"}}


@router.get("", summary="A review and who holds it (a person of its task)")
async def review(review_id: str, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    _, found = await _visible(ports, caller, review_id)
    return {"review": found}


@router.post("/heartbeat", summary="Let the lease run anew (its holder)", responses=CONFLICT)
async def heartbeat(review_id: str, body: HeartbeatBody, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    shard, _ = await _visible(ports, caller, review_id)
    return await ports.shards.heartbeat(shard, review_id, body.lease, caller.principal.id)


@router.post("/decision", summary="Give the true label (the lease's holder)", responses=CONFLICT)
async def decide(review_id: str, body: DecisionBody, ports: PortsOf, caller: KeyedCaller) -> dict[str, Any]:
    shard, _ = await _visible(ports, caller, review_id)
    command = Decide(review_id, body.lease, caller.principal.id, body.label, body.confidence, body.comment)
    return await ports.shards.submit(shard, caller.envelope(command, body.model_dump()))


@router.post("/release", summary="Give the review back to its place in the queue (the lease's holder)", responses=CONFLICT)
async def release(review_id: str, body: ReleaseBody, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    shard, _ = await _visible(ports, caller, review_id)
    command = Release(review_id, body.lease, caller.principal.id, body.reason)
    return await ports.shards.submit(shard, caller.envelope(command, body.model_dump()))


@router.post("/escalate", summary="Hand the review to the experts, urgently (the lease's holder)", responses=CONFLICT)
async def escalate(review_id: str, body: EscalateBody, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    shard, _ = await _visible(ports, caller, review_id)
    command = Escalate(review_id, body.lease, caller.principal.id, body.reason)
    return await ports.shards.submit(shard, caller.envelope(command, body.model_dump()))


async def _visible(ports: Ports, caller: Caller, review_id: str) -> tuple[str, dict[str, Any]]:
    """The review with its shard. Raises Forbidden for who is no reviewer, NotFound for what they may not know of."""
    caller.principal.require("see reviews", Role.REVIEWER, Role.EXPERT, Role.OPERATOR)
    shard = shard_of_case(case_of_review(review_id), ports.partitions)
    found: dict[str, Any] = (await ports.shards.ask(shard, ReviewOf(review_id, viewer_of(caller.principal))))["review"]
    if not caller.principal.sees(found["task"]):
        raise NotFound("review", review_id)
    return shard, found
