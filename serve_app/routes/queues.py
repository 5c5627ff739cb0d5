"""What waits for people, and the claim that gives one review to one of them."""

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from hitl.errors import NotFound, StoreUnavailable
from hitl.identity import Role
from hitl.review import Claim, Head, QueueStats, expert_queue, task_of
from hitl.tasks import TaskSpec
from serve_app.bodies import ClaimBody
from serve_app.context import AnyCaller, Caller, Ports, PortsOf
from serve_app.finding import stored_case
from serve_app.shards import review_shards
from serve_app.strict_route import StrictRoute

router = APIRouter(tags=["queues"], route_class=StrictRoute)


@router.get("/v1/queues", summary="Depth, age and leases of each queue (any person of its task)")
async def queues(ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    caller.principal.require("see the queues", Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.OPERATOR)
    stats = await queue_stats(ports)
    return {"queues": {queue: row for queue, row in stats.items() if caller.principal.sees(task_of(queue))}}


@router.post(
    "/v1/queues/{queue}/claim",
    summary="Lease the most pressing review (reviewer of the task; expert also of the expert queue)",
    responses={204: {"description": "nothing waits"}},
)
async def claim(queue: str, ports: PortsOf, caller: AnyCaller, body: ClaimBody | None = None) -> Response:
    spec = _queue_task(ports, caller, queue)
    asked = body or ClaimBody()
    command = Claim(queue, caller.principal.id, asked.lease_s or spec.review.lease_s)
    for shard in await _best_first(ports, queue):
        answer = await ports.shards.submit(shard, caller.envelope(command, asked.model_dump()))
        if answer["review"] is not None:
            return JSONResponse({"review": answer["review"] | await _for_the_eye(ports, spec, answer["review"]["case_id"])})
    return Response(status_code=204)


def _queue_task(ports: Ports, caller: Caller, queue: str) -> TaskSpec:
    """The task of ``queue``. Raises NotFound, or Forbidden for who may not answer there."""
    spec = ports.task(task_of(queue), caller.principal)
    answerers = {spec.task: (Role.REVIEWER, Role.EXPERT), expert_queue(spec.task): (Role.EXPERT,)}
    if queue not in answerers:
        raise NotFound("queue", queue)
    caller.principal.require("claim from this queue", *answerers[queue])
    return spec


async def queue_stats(ports: Ports) -> dict[str, dict[str, Any]]:
    """Each queue over all shards."""
    parts = await asyncio.gather(*(ports.shards.ask(shard, QueueStats()) for shard in review_shards(ports.partitions)))
    names = sorted({queue for part in parts for queue in part["queues"]})
    return {name: _merged([part["queues"][name] for part in parts if name in part["queues"]]) for name in names}


def _merged(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One queue from its rows in the shards: counts add up, the oldest is the oldest."""
    by_priority = {level: sum(row["by_priority"].get(level, 0) for row in rows) for level in rows[0]["by_priority"]}
    with_age = [row for row in rows if row["oldest_opened_at"] is not None]
    oldest = min(with_age, key=lambda row: row["oldest_opened_at"], default=None)
    return {
        "waiting": sum(row["waiting"] for row in rows),
        "by_priority": by_priority,
        "leased": sum(row["leased"] for row in rows),
        "oldest_opened_at": oldest["oldest_opened_at"] if oldest else None,
        "oldest_age_s": oldest["oldest_age_s"] if oldest else None,
    }


async def _best_first(ports: Ports, queue: str) -> list[str]:
    """The shards where something waits, the most pressing and then the oldest head first."""
    shards = review_shards(ports.partitions)
    if len(shards) == 1:
        return shards
    answers = await asyncio.gather(*(ports.shards.ask(shard, Head(queue)) for shard in shards))
    heads = [(answer["head"], shard) for answer, shard in zip(answers, shards, strict=True) if answer["head"] is not None]
    return [shard for head, shard in sorted(heads, key=lambda pair: (pair[0]["rank"], pair[0]["opened_at"]))]


async def _for_the_eye(ports: Ports, spec: TaskSpec, case_id: str) -> dict[str, Any]:
    """What a person needs to see of the case and its task."""
    case = await stored_case(ports, case_id)
    if case is None:
        raise StoreUnavailable(f"case {case_id} is not in the intake")
    form = {"title": spec.title, "description": spec.description, "labels": spec.labels, "input": spec.input.model_dump()}
    return {"payload": json.loads(case.payload), "form": form}
