"""Claim over all shards: lease the most pressing reviews; a repeated key gets its first leases."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from hitl.identity import Principal
from hitl.machine.shards import review_shards
from hitl.review import Claim, PlanOf
from hitl.review.queues import RANK
from hitl.review.views import ClaimedReviews, ClaimPlan, ReviewView, WhyEmpty
from hitl.review.why_empty import Reason
from hitl.tasks import TaskSpec
from serve_app.api.services.context import ApiPorts, Caller

REASONS: tuple[Reason, ...] = ("skipped", "answered", "others", "leased", "quarantined", "none")
"""Of several shards' reasons for nothing, the first of these that one gives."""


class Claimed(NamedTuple):
    """The reviews of a claim over all shards; where there are none, ``why`` says why, if the shards do."""

    reviews: list[ReviewView]
    why: WhyEmpty | None


def keys_of(principal: Principal) -> frozenset[str]:
    """Return the person's roles and skills as assignment keys: a review assigned to one of them is theirs to take."""
    skills: frozenset[str] = getattr(principal, "skills", frozenset())
    return frozenset({*(f"role:{role.value}" for role in principal.roles), *(f"skill:{skill}" for skill in skills)})


async def claimed(ports: ApiPorts, caller: Caller, spec: TaskSpec, command: Claim, asked: Any) -> Claimed:
    """Lease reviews where the most pressing ones wait. Raises what the machine refuses with."""
    envelope = caller.envelope(command, asked)
    shards = review_shards(ports.partitions)
    if len(shards) == 1:
        answers = [await ports.shards.submit(shards[0], envelope)]
    else:
        marked = replace(command, claim_id=envelope.command_id[:32], held_elsewhere=0)
        plans = await _plans(ports, shards, marked)
        answers = await _submitted(ports, caller, marked, asked, plans, spec.review.capacity)
    reviews = [review for answer in answers for review in answer.reviews]
    return Claimed(reviews if len(shards) == 1 else sorted(reviews, key=_turn), _why(answers))


def first_reason(whys: list[WhyEmpty]) -> WhyEmpty:
    """Why nothing can be taken of several shards together."""
    given = {why.reason for why in whys}
    return WhyEmpty(
        reason=next((reason for reason in REASONS if reason in given), "none"),
        waiting=sum(why.waiting for why in whys),
        leased=sum(why.leased for why in whys),
        until=min((why.until for why in whys if why.until is not None), default=None),
        quarantined=sum(why.quarantined for why in whys),
    )


async def _plans(ports: ApiPorts, shards: list[str], command: Claim) -> dict[str, ClaimPlan]:
    question = PlanOf(command.claim_id, command.queue, command.reviewer, command.keys, command.count)
    found = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in shards))
    return dict(zip(shards, found, strict=True))


def _counts(plans: Mapping[str, ClaimPlan], count: int) -> dict[str, int]:
    """Return how many to take of each shard, the one with the most pressing first; ``count`` of each where nothing waits."""
    heads = [(head, shard) for shard, plan in plans.items() for head in plan.heads]
    best = sorted(heads, key=lambda pair: (pair[0].rank, pair[0].turn_at))[:count]
    return dict(Counter(shard for _, shard in best)) or dict.fromkeys(plans, count)


async def _submitted(
    ports: ApiPorts, caller: Caller, command: Claim, asked: Any, plans: Mapping[str, ClaimPlan], capacity: int | None
) -> list[ClaimedReviews]:
    """Lease over the shards. ``capacity`` is how many a person may hold; one who holds so many is refused by the first shard.
    Where the claim leased something before, the same shards answer it again from their memory."""
    answers: list[ClaimedReviews] = []
    held = {shard: plan.held for shard, plan in plans.items()}
    before = {shard: plan.leased for shard, plan in plans.items() if plan.leased}
    room = command.count if capacity is None else max(capacity - sum(held.values()), 1)
    left = sum(before.values()) or min(command.count, room)
    for shard, count in (before or _counts(plans, left)).items():
        mine = replace(command, count=min(count, left), held_elsewhere=sum(held.values()) - held[shard])
        answers.append(await ports.shards.submit(shard, caller.envelope(mine, asked)))
        taken = len(answers[-1].reviews)
        held[shard], left = held[shard] + taken, left - taken
        if left <= 0:
            break
    return answers


def _turn(review: ReviewView) -> tuple[int, float, str]:
    """Return what orders the reviews of several shards, in the same way when the claim is repeated."""
    return RANK[review.priority], review.opened_at, review.review_id


def _why(answers: list[ClaimedReviews]) -> WhyEmpty | None:
    whys = [answer.why for answer in answers if isinstance(answer.why, WhyEmpty)]
    return first_reason(whys) if whys and len(whys) == len(answers) else None
