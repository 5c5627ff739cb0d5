"""What has happened so far, as counts in JSON: from the journals, so the same for every replica and after every restart."""

import asyncio
from collections import Counter

from fastapi import APIRouter

from hitl.approval.questions import ApprovalCounts
from hitl.identity import Role
from hitl.machine.shards import APPROVAL, review_shards
from hitl.review import Counters, task_of
from hitl.serving.questions import Pointers
from serve_app.api.routes.queues import queue_stats
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.metrics import ServiceAndOutboxMetrics, ServiceMetrics

router = APIRouter(tags=["metrics"], route_class=StrictRoute)

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)


@router.get("/v1/metrics", summary="Reviews, queues, approvals, serving and the outbox in counts (any person, of their tasks)")
async def show_metrics(ports: PortsOf, caller: AnyCaller) -> ServiceMetrics | ServiceAndOutboxMetrics:
    caller.principal.require("see metrics", *PEOPLE)
    reviews, queues, approvals, pointers = await asyncio.gather(
        _reviews(ports),
        queue_stats(ports),
        ports.shards.ask(APPROVAL, ApprovalCounts()),
        ports.shards.ask(APPROVAL, Pointers()),
    )
    sees = caller.principal.sees
    by_status = sum((Counter(statuses) for task, statuses in approvals.by_task.items() if sees(task)), Counter[str]())
    found = ServiceMetrics(
        reviews={task: counters for task, counters in reviews.items() if sees(task)},
        queues={queue: row for queue, row in queues.items() if sees(task_of(queue))},
        leased=sum(row.leased for queue, row in queues.items() if sees(task_of(queue))),
        approvals=dict(by_status),
        serving={task: pointer for task, pointer in pointers.items() if sees(task)},
    )
    return await _with_outbox(ports, caller, found)


async def _with_outbox(ports: ApiPorts, caller: Caller, found: ServiceMetrics) -> ServiceMetrics | ServiceAndOutboxMetrics:
    """``found`` with the counts of the outbox, for callers who may know of every task."""
    if ports.stored is None or caller.principal.tasks:
        return found
    counts = await ports.stored.outgoing.counts()
    return ServiceAndOutboxMetrics(found.reviews, found.queues, found.leased, found.approvals, found.serving, counts)


async def _reviews(ports: ApiPorts) -> dict[str, dict[str, int]]:
    """Return the counters of all shards, added up by task."""
    parts = await asyncio.gather(*(ports.shards.ask(shard, Counters()) for shard in review_shards(ports.partitions)))
    tasks = {task: Counter[str]() for part in parts for task in part.tasks}
    for part in parts:
        for task, counters in part.tasks.items():
            tasks[task].update(counters)
    return {task: dict(counters) for task, counters in tasks.items()}
