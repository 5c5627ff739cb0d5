"""Move finished cases, approvals or workflows from a shard's memory to the store, once they are old or too many."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import structlog

from hitl.adapters.valkey.archived_reviews import ArchivedCaseStore
from hitl.approval.commands import ArchiveApprovals
from hitl.approval.questions import ArchivableApprovals
from hitl.canonical import digest_of
from hitl.errors import HitlError
from hitl.machine import Envelope, Phase, Shard
from hitl.review import Archivable, ArchiveCases
from hitl.review.commands import ArchiveRows
from hitl.review.questions import ArchivableRows
from hitl.workflow.commands import ArchiveWorkflowObjects
from hitl.workflow.questions import ArchivableWorkflowObjects

EVERY_S = 5.0
PAGE = 200
"""Cases a step: a few milliseconds of the shard's time, and a megabyte for the store."""

log = structlog.get_logger("hitl.shard")


class Leaving(NamedTuple):
    """What leaves a kind of shard: the question for what may (``kept``, ``before``, ``limit``), the texts that its answer gives
    by id, and the command by which they leave, with their digests. Where a step finds ``many`` of them, the next one follows at
    once: there may be more."""

    question: Callable[[int, float, int], Any]
    texts: Callable[[Any], list[tuple[str, str]]]
    command: Callable[[tuple[tuple[str, str], ...]], Any]
    many: int = PAGE


ROWS = Leaving(lambda kept, before, limit: ArchivableRows(kept, limit), lambda told: [*told.chunks], ArchiveRows, many=1)
CASES = Leaving(Archivable, lambda told: [*told.cases], ArchiveCases)
WORKFLOWS = Leaving(ArchivableWorkflowObjects, lambda told: [*told.objects], ArchiveWorkflowObjects)
APPROVALS = Leaving(ArchivableApprovals, lambda told: [*told.approvals], ArchiveApprovals)


class Archiver:
    """Keeps at most ``kept`` settled cases in memory, and none for longer than ``kept_s`` after its last change; or approvals, or
    workflows."""

    def __init__(
        self,
        shard: Shard[Any],
        cases: ArchivedCaseStore,
        kept: int,
        kept_s: float,
        wall: Callable[[], float] = time.time,
        leaving: Leaving = CASES,
    ) -> None:
        self._shard, self._cases, self._kept, self._kept_s, self._wall = shard, cases, kept, kept_s, wall
        self._leaving = leaving

    async def run(self) -> None:
        """Run until cancelled. What fails is tried again."""
        while True:
            left = 0
            try:
                left = await self.step() if self._shard.phase is Phase.SERVING else 0
            except HitlError as error:
                log.warning("what is settled stays in memory for now", why=str(error))
            await asyncio.sleep(0 if left >= self._leaving.many else EVERY_S)

    async def step(self) -> int:
        """Archive a page and return its size. Archived data is durable before the journal says that it left, and the entry names
        no case that changed in between."""
        question = self._leaving.question(self._kept, self._wall() - self._kept_s, PAGE)
        found = self._leaving.texts(await self._shard.ask(question))
        if not found:
            return 0
        rows = {case_id: text.encode() for case_id, text in found}
        await self._cases.keep(self._shard.epoch, rows)
        command = self._leaving.command(_digests(rows))
        name = f"archive:{self._shard.epoch}-{self._shard.seq}-{found[0][0]}"
        await self._shard.submit(Envelope(command, name, "", "time", ""))
        return len(found)


def _digests(rows: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    return tuple((row_id, digest_of(data)) for row_id, data in rows.items())
