"""What to label next: of the reviews that the caller could claim, those that teach the model the most."""

import asyncio
import json
import time
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from hitl.errors import InvalidInput, NotFound
from hitl.identity import Role
from hitl.intake import CaseRecord, StoredCase
from hitl.learning.suggesting import COMMITTEE, DEFAULT, ReviewSuggestions, WaitingCase, suggest, told
from hitl.machine.shards import review_shards
from hitl.review import QueueHeads
from hitl.tasks import TaskSpec, Vector, vector_from
from serve_app.api.services.committee import with_committee
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.finding import case_of_review, kept_case
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/suggestions", tags=["learning"], route_class=StrictRoute)

POOL = 200
"""Reviews that are looked at, the most pressing of each shard first: each is a read of the store."""

READS_AT_ONCE = 16
Count = Annotated[int, Query(ge=1, le=100, description="how many")]


@router.get("/{task}", summary="Waiting reviews that teach the most, the best first (reviewer, expert, trainer, operator)")
async def suggest_cases(
    task: str, ports: PortsOf, caller: AnyCaller, strategy: str = DEFAULT, n: Count = 10
) -> ReviewSuggestions:
    """``strategy`` is hybrid, adaptive, diversity, query_by_committee, entropy, least_confident or margin. A tenth of the picks
    is uniform and carries its ``probability``. Blind checks are never suggested; a blind task does not tell what the model said.
    query_by_committee asks the newest four versions that served about each case (409 ``no-committee`` with fewer than two).
    """
    caller.principal.require("see suggestions", Role.REVIEWER, Role.EXPERT, Role.TRAINER, Role.OPERATOR)
    ports.task(task, caller.principal)
    if not caller.principal.claims_from(task):
        raise NotFound("queue", task)
    waiting = await _waiting(ports, task, caller)
    spec = ports.task(task, caller.principal)  # only now: reading a case may have brought a newer definition
    pool = [one for review_id, case in waiting if (one := _candidate(ports, spec, review_id, case)) is not None]
    if strategy == COMMITTEE:
        pool = await with_committee(ports, spec, pool)
    else:
        pool = [case for case in pool if case.probabilities]
    picks = await asyncio.to_thread(suggest, pool, strategy, n, np.random.default_rng(time.time_ns()))
    return told(task, picks, pool, spec.labels, strategy, spec.review.blind)


async def _waiting(ports: ApiPorts, task: str, caller: Caller) -> list[tuple[str, StoredCase]]:
    """Return the reviews that wait with their cases; no blind checks."""
    question = QueueHeads(task, caller.principal.id, limit=max(POOL // ports.partitions, 1))
    found = [await ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)]
    reading = asyncio.Semaphore(READS_AT_ONCE)
    ids = [head.review_id for answer in found for head in answer.heads]
    read = await asyncio.gather(*(_read(ports, review_id, reading) for review_id in ids))
    return [(review_id, case) for review_id, case in zip(ids, read, strict=True) if case is not None and not case.record.streams]


async def _read(ports: ApiPorts, review_id: str, reading: asyncio.Semaphore) -> StoredCase | None:
    async with reading:
        return await kept_case(ports, case_of_review(review_id))


def _candidate(ports: ApiPorts, spec: TaskSpec, review_id: str, case: StoredCase) -> WaitingCase | None:
    """None for an input that no longer fits; without ``probabilities`` where no model spoke of the labels of now. Sealed inputs
    stay sealed: once the task hides them, all its cases are compared by what the model said of them, old open ones too."""
    said = _said(ports, spec, case.record)
    vector = said if ports.vault.hides(spec.task) else _vector(spec, case)
    return None if vector is None else WaitingCase(review_id, vector, [] if said is None else [said])


def _said(ports: ApiPorts, spec: TaskSpec, record: CaseRecord) -> list[float] | None:
    said = record.probabilities
    is_of_now = said is not None and len(said) == len(spec.labels) and ports.vault.defined(record).labels == spec.labels
    return said if is_of_now else None


def _vector(spec: TaskSpec, case: StoredCase) -> "Vector | None":
    try:
        return vector_from(spec, json.loads(case.payload)["features"])
    except (InvalidInput, KeyError):  # of another input, or without features
        return None
