"""Claim over all shards: lease the most pressing reviews; a repeated key gets its first leases."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple

from hitl.identity import Principal
from hitl.machine.shards import review_shards
from hitl.review import Claim, ClaimOf, Leases, QueueHeads
from hitl.review.views import ClaimedReviews, ReviewView, WhyEmpty
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
        plan = await _repeated(ports, shards, marked) or await _planned(ports, shards, marked)
        answers = await _submitted(ports, caller, spec, marked, asked, plan)
    return Claimed([review for answer in answers for review in answer.reviews], _why(answers))


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


async def _repeated(ports: ApiPorts, shards: list[str], command: Claim) -> dict[str, int]:
    """Return the shards where this claim leased something before; they answer it again from their memory."""
    found = await asyncio.gather(*(ports.shards.ask(shard, ClaimOf(command.claim_id)) for shard in shards))
    return {shard: len(each.review_ids) for shard, each in zip(shards, found, strict=True) if each.review_ids}


async def _planned(ports: ApiPorts, shards: list[str], command: Claim) -> dict[str, int]:
    """Plan how many to take of each shard, the one with the most pressing first; every shard where nothing waits at all."""
    question = QueueHeads(command.queue, command.reviewer, command.keys, command.count)
    answers = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in shards))
    heads = [(head, shard) for answer, shard in zip(answers, shards, strict=True) for head in answer.heads]
    best = sorted(heads, key=lambda pair: (pair[0].rank, pair[0].turn_at))[: command.count]
    return dict(Counter(shard for _, shard in best)) or dict.fromkeys(shards, command.count)


async def _submitted(
    ports: ApiPorts, caller: Caller, spec: TaskSpec, command: Claim, asked: Any, plan: dict[str, int]
) -> list[ClaimedReviews]:
    answers: list[ClaimedReviews] = []
    for shard, count in plan.items():
        elsewhere = await _held_beside(ports, shard, command.reviewer, spec) if spec.review.capacity else 0
        mine = replace(command, count=count, held_elsewhere=elsewhere)
        answers.append(await ports.shards.submit(shard, caller.envelope(mine, asked)))
    return answers


async def _held_beside(ports: ApiPorts, shard: str, reviewer: str, spec: TaskSpec) -> int:
    others = [other for other in review_shards(ports.partitions) if other != shard]
    held = await asyncio.gather(*(ports.shards.ask(other, Leases(reviewer)) for other in others))
    return sum(review.task == spec.task for each in held for review in each.reviews)


def _why(answers: list[ClaimedReviews]) -> WhyEmpty | None:
    whys = [answer.why for answer in answers if isinstance(answer.why, WhyEmpty)]
    return first_reason(whys) if whys and len(whys) == len(answers) else None
