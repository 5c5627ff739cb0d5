"""Follow the intake and open a review for every case that people decide; the cursor is in the journal."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from hitl.crashpoints import crashpoint
from hitl.errors import HitlError, Unavailable
from hitl.intake.ports import StoredCase
from hitl.machine import Envelope, Shard
from hitl.review import Cursor, OpenReview

PAGE = 256
BLOCK_S = 1.0
PAUSE_S = 0.1
GATHER_S = 0.1
"""After a page that was not full: what comes meanwhile opens together, for the price of one. Nobody sees a tenth of a second."""

log = logging.getLogger(__name__)


class ReviewableCases(Protocol):
    """The part of an intake that is followed."""

    async def reviewable(self, after_seq: int, limit: int) -> list[StoredCase]: ...

    async def wait_beyond(self, after_seq: int, timeout_s: float) -> bool: ...


Opened = Callable[[Sequence[StoredCase], float], None]
"""Is told of the cases whose reviews are open, and when (UTC seconds) their append began; must not fail."""


Learn = Callable[[str, int], Awaitable[None]]
"""Reads the definitions of a task up to a serving generation, unless they are known. Raises a HitlError."""


class IntakeFollower:
    """Reads on from the last position whose review is durably open, so that a crash repeats and never skips. ``opened`` None:
    tracing is off. ``learn`` None: the definitions that the shard began with are all there will be."""

    def __init__(
        self, shard: Shard[Any], intake: ReviewableCases, opened: Opened | None = None, learn: Learn | None = None
    ) -> None:
        self._shard, self._intake, self._opened, self._learn = shard, intake, opened, learn
        self._refused_up_to = 0

    async def run(self) -> None:
        """Follow until cancelled; waits while the shard recovers or the store is away."""
        while True:
            try:
                await self.step()
            except Unavailable:
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> None:
        """Open the next cases, or wait for one. Raises Unavailable: then some of them may be open."""
        cursor = (await self._shard.ask(Cursor())).position
        after = max(cursor, self._refused_up_to)
        cases = await self._intake.reviewable(after, PAGE)
        if cases:
            await self._know_definitions(cases)
            crashpoint("follower.before_open")
            await self._open(cases)
            crashpoint("follower.after_open")
            await asyncio.sleep(GATHER_S if len(cases) < PAGE else 0)
        else:
            await self._intake.wait_beyond(after, BLOCK_S)

    async def _know_definitions(self, cases: Sequence[StoredCase]) -> None:
        """Let the shard know what defines ``cases`` before their reviews are open: people answer under it from that moment on.
        Raises Unavailable. Where a definition cannot be read the reviews open all the same; replicas, which cannot read it
        either, show them to nobody until they can."""
        if self._learn is None:
            return
        for task, generation in dict.fromkeys((each.record.task, each.record.generation) for each in cases):
            try:
                await self._learn(task, generation)
            except Unavailable:
                raise
            except HitlError as error:
                log.warning("the definitions of task %s at generation %d are not known: %s", task, generation, error)

    async def _open(self, cases: Sequence[StoredCase]) -> None:
        answers: list[asyncio.Future[dict[str, Any]]] = []
        started_s = 0.0 if self._opened is None else time.time()
        try:
            # In order and without a gap: the cursor is the highest open position, so none may overtake a failed one.
            answers.extend(self._shard.enqueue(_envelope(case)) for case in cases)
        finally:
            results = await asyncio.gather(*answers, return_exceptions=True)
        for case, result in zip(cases, results, strict=True):
            self._judge(case, result)
        if self._opened is not None:
            self._opened(cases, started_s)

    def _judge(self, case: StoredCase, result: dict[str, Any] | BaseException) -> None:
        if isinstance(result, Unavailable) or (isinstance(result, BaseException) and not isinstance(result, HitlError)):
            raise result
        if isinstance(result, HitlError):
            log.error("case %s at %d cannot be reviewed: %s", case.record.case_id, case.seq, result)
            self._refused_up_to = case.seq


def _envelope(case: StoredCase) -> Envelope[Any]:
    record = case.record
    command, name = OpenReview(record, case.seq), f"open:{record.case_id}"
    return Envelope(command, name, record.body_digest, "intake", record.request_id, record.trace)
