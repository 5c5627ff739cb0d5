"""What waits for people, and the claim that gives some of it to one of them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from hitl.errors import NotFound
from hitl.identity import Role
from hitl.machine.shards import review_shards
from hitl.review import Claim, LookAhead, QueueOf, QueueStats, expert_queue, task_of
from hitl.review.pace import reviewers_needed, together, wait_s
from hitl.review.views import QueueDepth, QueueDepths, QueueView, WhyEmpty
from hitl.tasks import TaskSpec
from serve_app.api.bodies.reviews import ClaimBody
from serve_app.api.services.at_hand import at_hand
from serve_app.api.services.claims import claimed, first_reason, keys_of
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.finding import with_words
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.queues import (
    CallersQueue,
    NotPermitted,
    QueueForecast,
    ReviewsAtHand,
    WaitingPage,
)

router = APIRouter(tags=["queues"], route_class=StrictRoute)

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.OPERATOR)
WHY_EMPTY = "Queue-Empty"
"""The header of a claim that got nothing: why, and until when the next lease ends where one holds all."""

Limit = Annotated[int, Query(ge=1, le=50)]
Offset = Annotated[int, Query(ge=0, le=450, description="how many to leave out: the pages before")]
Hours = Annotated[float, Query(ge=0.01, le=168, allow_inf_nan=False, description="how far ahead")]


@router.get("/v1/queues", summary="Depth, age and leases of each queue (any person of its task)")
async def list_queues(ports: PortsOf, caller: AnyCaller) -> QueueDepths:
    caller.principal.require("see the queues", *PEOPLE)
    stats = await queue_stats(ports)
    return QueueDepths({queue: row for queue, row in stats.items() if _is_theirs(caller, queue)})


@router.get("/v1/queues/{queue}", summary="One queue, and why nothing of it is the caller's (any person of its task)")
async def show_queue(queue: str, ports: PortsOf, caller: AnyCaller) -> CallersQueue:
    """``why_empty`` is None while the caller may claim something; its ``reason`` is none, leased (``until`` when), others,
    answered, skipped, quarantined or permission. ``rates`` are measured; ``estimated_wait_s`` is that of the last in line."""
    caller.principal.require("see the queues", *PEOPLE)
    spec = _bounded_task(ports, caller, queue)
    parts = await _parts(ports, caller, queue)
    may_claim = caller.principal.may(*_answerers(spec, queue))
    depth, measured = _merged(parts), together(part.rates for part in parts)
    return CallersQueue(
        queue=queue,
        waiting=depth.waiting,
        by_priority=depth.by_priority,
        leased=depth.leased,
        oldest_opened_at=depth.oldest_opened_at,
        oldest_age_s=depth.oldest_age_s,
        for_you=sum(part.for_you for part in parts) if may_claim else 0,
        why_empty=_why_empty(parts) if may_claim else NotPermitted(),
        quarantined=[each for part in parts for each in part.quarantined],
        rates=measured,
        estimated_wait_s=wait_s(depth.waiting, measured),
    )


@router.get("/v1/queues/{queue}/reviews", summary="The next reviews of the queue, unclaimed (who may claim there, operator)")
async def list_waiting(queue: str, ports: PortsOf, caller: AnyCaller, limit: Limit = 10, offset: Offset = 0) -> WaitingPage:
    """In the order in which claims would give them to the caller, blind ones without the model's suggestion. ``has_more`` says
    whether there is a page behind this one. Operators see them too: they assign what waits."""
    spec = _bounded_task(ports, caller, queue)
    answerers = _answerers(spec, queue)
    caller.principal.require("see what waits in this queue", Role.OPERATOR, *answerers)
    question = LookAhead(queue, caller.principal.id, keys_of(caller.principal), offset + limit + 1)
    parts = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)))
    found = [pair for part in parts for pair in zip(part.reviews, part.turns, strict=True)]
    ordered = sorted(found, key=lambda pair: (pair[0].rank, pair[1]))
    page = [await with_words(ports, review) for review, _ in ordered[offset : offset + limit]]
    return WaitingPage(page, len(ordered) > offset + limit, spec.review.order if queue == spec.task else "age")


@router.get("/v1/queues/{queue}/forecast", summary="How many people the queue needs (any person of its task)")
async def forecast_queue(queue: str, ports: PortsOf, caller: AnyCaller, hours: Hours = 4.0) -> QueueForecast:
    """From what waits now and the measured rates of arrivals and handling; null until somebody has answered."""
    caller.principal.require("see the queues", *PEOPLE)
    _bounded_task(ports, caller, queue)
    parts = await _parts(ports, caller, queue)
    measured, waiting = together(part.rates for part in parts), sum(part.waiting for part in parts)
    needed = reviewers_needed(waiting, measured, hours * 3600)
    until = datetime.fromtimestamp(ports.wall() + hours * 3600, UTC)
    text = "nobody's speed is known yet" if needed is None else f"{needed:.1f} reviewers needed until {until:%H:%M} UTC"
    return QueueForecast(queue, waiting, measured, needed, until.isoformat(), text)


@router.post(
    "/v1/queues/{queue}/claim",
    summary="Lease the most pressing reviews (reviewer of the task; expert also of the expert queue)",
    response_model=ReviewsAtHand,
    responses={
        204: {"description": "nothing for the caller: the header Queue-Empty says why"},
        409: {"description": "the caller holds as many reviews as the task allows"},
    },
)
async def claim_reviews(queue: str, ports: PortsOf, caller: AnyCaller, body: ClaimBody | None = None) -> Response | ReviewsAtHand:
    """``review`` is the first of ``reviews``. Repeated with its key it gets the same reviews, whatever happened since."""
    spec = queue_task(ports, caller, queue)
    asked = body or ClaimBody()
    command = Claim(queue, caller.principal.id, asked.lease_s, asked.count, keys_of(caller.principal))
    got = await claimed(ports, caller, spec, command, asked.model_dump())
    shown = [each for review in got.reviews if (each := await at_hand(ports, caller, spec, review)) is not None]
    if not shown:
        return Response(status_code=204, headers={WHY_EMPTY: _in_a_header(got.why)})
    return ReviewsAtHand(shown[0], shown)


def queue_task(ports: ApiPorts, caller: Caller, queue: str) -> TaskSpec:
    """Return the task of ``queue``. Raises NotFound, or Forbidden for who may not answer there."""
    spec = _bounded_task(ports, caller, queue)
    caller.principal.require("claim from this queue", *_answerers(spec, queue))
    return spec


def _bounded_task(ports: ApiPorts, caller: Caller, queue: str) -> TaskSpec:
    """Return the task of ``queue``. Raises NotFound where the caller's tasks or queues leave it out."""
    spec = ports.task(task_of(queue), caller.principal)
    if not caller.principal.claims_from(queue):
        raise NotFound("queue", queue)
    return spec


def _is_theirs(caller: Caller, queue: str) -> bool:
    return caller.principal.sees(task_of(queue)) and caller.principal.claims_from(queue)


def _answerers(spec: TaskSpec, queue: str) -> tuple[Role, ...]:
    """Return who answers there. Raises NotFound."""
    if queue == spec.task:
        return (Role.REVIEWER, Role.EXPERT)
    if queue == expert_queue(spec.task):
        return (Role.EXPERT,)
    raise NotFound("queue", queue)


async def _parts(ports: ApiPorts, caller: Caller, queue: str) -> list[QueueView]:
    """Return the queue in each shard, as the caller finds it."""
    question = QueueOf(queue, caller.principal.id, keys_of(caller.principal))
    return list(await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions))))


def _why_empty(parts: list[QueueView]) -> WhyEmpty | None:
    """None where one of the shards has something for the caller."""
    whys = [part.why_empty for part in parts if part.why_empty is not None]
    return first_reason(whys) if len(whys) == len(parts) else None


def _in_a_header(why: WhyEmpty | None) -> str:
    if why is None:
        return "none"
    return f"{why.reason}; until={why.until:.0f}" if why.until is not None else why.reason


async def queue_stats(ports: ApiPorts) -> dict[str, QueueDepth]:
    """Return each queue over all shards."""
    parts = await asyncio.gather(*(ports.shards.ask(shard, QueueStats()) for shard in review_shards(ports.partitions)))
    names = sorted({queue for part in parts for queue in part.queues})
    return {name: _merged([part.queues[name] for part in parts if name in part.queues]) for name in names}


def _merged(rows: Sequence[QueueDepth | QueueView]) -> QueueDepth:
    """Return one queue from its rows in the shards: counts add up, the oldest is the oldest."""
    by_priority = {level: sum(row.by_priority.get(level, 0) for row in rows) for level in rows[0].by_priority}
    ages = [(row.oldest_opened_at, row.oldest_age_s) for row in rows if row.oldest_opened_at is not None]
    oldest_opened_at, oldest_age_s = min(ages, default=(None, None))
    return QueueDepth(
        waiting=sum(row.waiting for row in rows),
        by_priority=by_priority,
        leased=sum(row.leased for row in rows),
        oldest_opened_at=oldest_opened_at,
        oldest_age_s=oldest_age_s,
    )
