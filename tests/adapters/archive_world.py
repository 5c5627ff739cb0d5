"""A review shard beside an intake, and the archive of its partition, on a real store."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.adapters.valkey import names
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.case_archiver import CaseArchiver
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.crashpoints import ARMED
from hitl.intake import IntakeBatch
from hitl.intake.leaving import LeavingTerms
from hitl.machine import Envelope, Shard
from hitl.review import Claim, Decide, OpenReview
from tests.contracts.intake_contract import batch, record

DAY_S = 86_400.0
CASES = 12
"""Half of them automatic: c2, c4 …"""

SMALL = LeavingTerms(max_age_s=DAY_S, segment_cases=5)


def cases(first: int, count: int) -> IntakeBatch:
    numbers = range(first, first + count)
    kinds = [("review" if number % 2 else "automatic", "digits" if number % 3 else "other") for number in numbers]
    rows = [record(f"c{number}", action, task) for number, (action, task) in zip(numbers, kinds, strict=True)]
    return batch(*rows, gateway=f"g{first}")


class World:
    """A review shard beside an intake, and the archive of its partition; ``life`` is the shard's, None where it has ended."""

    def __init__(self, client: Redis, folder: Path, shard: Shard[Any], life: asyncio.Task[None] | None = None) -> None:
        self.client, self.uri, self.shard, self._life = client, str(folder), shard, life
        self.now, self.counted = 3 * DAY_S, 10**6

    def archiver(self, terms: LeavingTerms = SMALL) -> CaseArchiver:
        border = Border(self.client, 0)
        archive, index = CaseArchive(self.uri, 0, border.deletions), CaseIndex(self.uri, 0)
        places = (border, ValkeyIntake(self.client, 0), archive, index)
        return CaseArchiver(self.shard, places, terms, self._counted, lambda: self.now)

    async def _counted(self) -> int:
        return self.counted

    async def end(self) -> None:
        """End the shard, which looks at its journal also when it has nothing to do."""
        if self._life is not None:
            self._life.cancel()
            with suppress(asyncio.CancelledError):
                await self._life
            self._life = None

    @property
    def intake(self) -> ArchivedIntake:
        return open_intake(self.client, 0, self.uri)

    async def archive_all(self, terms: LeavingTerms = SMALL) -> None:
        archiver = self.archiver(terms)
        while await archiver.step():
            pass

    async def open_reviews(self) -> None:
        for case in await ValkeyIntake(self.client, 0).reviewable(0, 1000):
            await self.submit(OpenReview(case.record, case.seq))

    async def answer_all(self) -> None:
        for task in ("digits", "other"):
            while (review := (await self.submit(Claim(task, "ann"))).review) is not None:
                assert review.lease is not None
                await self.submit(Decide(review.review_id, review.lease.id, "ann", "2"))

    async def submit(self, command: Any) -> Any:
        return await self.shard.submit(Envelope(command, f"{self.shard.seq}", "f", "ann", "r"))

    async def in_store(self) -> list[str]:
        return [row[1][b"b"].split(b'"case_id":"')[1].split(b'"')[0].decode() for row in await self.client.xrange(names.cases(0))]


@pytest.fixture
def disarmed() -> Iterator[None]:
    yield
    ARMED.clear()
