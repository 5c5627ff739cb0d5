"""What has happened so far, as counts in JSON: from the journals, so the same for every replica and after every restart."""

import asyncio
from collections import Counter
from typing import Any

from fastapi import APIRouter

from hitl.approval.questions import Approvals, Pointers
from hitl.identity import Role
from hitl.review import Counters
from serve_app.context import AnyCaller, Ports, PortsOf
from serve_app.routes.queues import queue_stats
from serve_app.shards import APPROVAL, review_shards
from serve_app.strict_route import StrictRoute

router = APIRouter(tags=["metrics"], route_class=StrictRoute)

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)


@router.get("/v1/metrics", summary="Reviews, queues, approvals and serving versions in figures (any person)")
async def metrics(ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    caller.principal.require("see metrics", *PEOPLE)
    reviews, queues, approvals, pointers = await asyncio.gather(
        _reviews(ports),
        queue_stats(ports),
        ports.shards.ask(APPROVAL, Approvals()),
        ports.shards.ask(APPROVAL, Pointers()),
    )
    by_status = Counter(row["status"] for row in approvals["approvals"])
    return {**reviews, "queues": queues, "approvals": dict(by_status), "serving": pointers}


async def _reviews(ports: Ports) -> dict[str, Any]:
    """The counters of all shards, added up by task."""
    parts = await asyncio.gather(*(ports.shards.ask(shard, Counters()) for shard in review_shards(ports.partitions)))
    tasks = {task: Counter[str]() for part in parts for task in part["tasks"]}
    for part in parts:
        for task, counters in part["tasks"].items():
            tasks[task].update(counters)
    leased = sum(part["leased"] for part in parts)
    return {"reviews": {task: dict(counters) for task, counters in tasks.items()}, "leased": leased}
