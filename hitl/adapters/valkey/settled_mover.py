"""Move what is settled from the store to files, a file for some thousand cases: written and read back, then dropped in one step.

A file counts, and its cases leave the store, in the same step of the store. One that a crash left before that is removed by the
next mover, while all of its cases still stand in the store.
"""

import asyncio
from typing import Any

from hitl.adapters.valkey.archived_reviews import TORN, opened
from hitl.adapters.valkey.settled_objects import SettledObjects
from hitl.adapters.valkey.stepping import Stepping
from hitl.crashpoints import crashpoint
from hitl.errors import ChainBroken
from hitl.machine import Shard

FILE_CASES = 2_000
"""Cases of a file, about a megabyte; the store looks at each once in the step that drops them, for some milliseconds in all."""

MOST_BYTES = 8 * 2**20
"""Of the store's memory, where cases are large: then a file has fewer."""


class SettledMover(Stepping):
    """The one mover of a shard, beside it: of its settled cases, or approvals."""

    FAILED = "what is settled stays in the store for now"

    def __init__(
        self, shard: Shard[Any], settled: SettledObjects, file_cases: int = FILE_CASES, most_bytes: int = MOST_BYTES
    ) -> None:
        super().__init__(shard)
        self._settled, self._file_cases, self._most_bytes = settled, file_cases, most_bytes

    async def step(self) -> int:
        """Move a file's worth of cases once there are as many, and return their number. Raises Fenced, ChainBroken for files that
        are not as they were written, StoreUnavailable."""
        epoch = self._shard.epoch
        if epoch != self._epoch:
            await self._begin()
            self._epoch = epoch
        cases, size = await self._settled.recent.size()
        return await self._move(epoch) if cases >= self._file_cases or size > self._most_bytes else 0

    async def _begin(self) -> None:
        """Remove what never counted, and complete the index: a restored archive has none."""
        last, counted = await self._settled.listed.files()
        for file in await self._settled.files.there():
            if file.number > last:
                if not await self._settled.recent.has(list(await self._settled.files.ids(file))):
                    raise ChainBroken(self._settled.files.name, file.number)
                await self._settled.files.remove(file)
        index = self._settled.index
        await index.refresh()
        if index.covered > last:  # the store lost its last steps: the index speaks of files that never counted
            await index.clear()
        for file in counted:
            if file.number > index.covered:
                await self._add(file.number, list(await self._settled.files.read(file)))

    async def _move(self, epoch: int) -> int:
        stored = await self._settled.recent.some(self._file_cases, self._most_bytes)
        cases = await asyncio.to_thread(_opened, stored)  # one that is torn stays, where the proof of the history finds it
        if not cases:
            return 0
        file = await self._settled.files.write(await self._settled.listed.last() + 1, cases)
        crashpoint("reviews.before_count")
        if not await self._settled.listed.count(epoch, file, {case_id: stored[case_id] for case_id in cases}):
            await self._settled.files.remove(file)
            return 0
        crashpoint("reviews.after_count")
        await self._add(file.number, list(cases))
        return len(cases)

    async def _add(self, number: int, case_ids: list[str]) -> None:
        """Numbers before it whose cases were all deleted have nothing to add."""
        await self._settled.index.add(self._settled.index.covered + 1, number, [(case_id, number) for case_id in case_ids])


def _opened(stored: dict[str, bytes]) -> dict[str, bytes]:
    found = {case_id: opened(data) for case_id, data in stored.items()}
    return {case_id: data for case_id, data in found.items() if data != TORN}
