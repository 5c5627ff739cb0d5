"""Settled reviews, closed approvals and workflows wherever they are: in the store, and in the files that older ones moved to."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import orjson
from redis.asyncio import Redis

from hitl.adapters.files.case_index import SettledIndex
from hitl.adapters.files.settled_files import APPROVALS, REVIEWS, WORKFLOWS, Layout, SettledFile, SettledFiles
from hitl.adapters.files.settled_lists import Chosen, Spans
from hitl.adapters.valkey.archived_reviews import TORN, ArchivedCaseStore, opened
from hitl.adapters.valkey.settled_list import SettledList
from hitl.crashpoints import crashpoint
from hitl.errors import StoreUnavailable
from hitl.machine.listing import EVERYTHING, Wanted
from hitl.machine.shards import APPROVAL, WORKFLOW
from hitl.review.archiving import tombstone

NO_LIMIT = 2**62
"""The store never has more than a file's worth of them for long."""


class SettledObjects:
    """Those of one shard. All methods raise StoreUnavailable, and ChainBroken for a file that was changed."""

    def __init__(self, recent: ArchivedCaseStore, listed: SettledList, files: SettledFiles, index: SettledIndex) -> None:
        self.recent, self.listed, self.files, self.index = recent, listed, files, index

    async def find(self, case_ids: list[str]) -> list[bytes]:
        """Find the archived data of those of ``case_ids`` that are archived; TORN for one in the store that does not open."""
        found = await self.recent.rows(case_ids)  # first: a case leaves the store and is in a file in one step
        missing = [case_id for case_id in case_ids if case_id not in found]
        found |= await self._in_files(missing) if missing else {}
        return [found[case_id] for case_id in case_ids if case_id in found]

    async def in_reading_order(self, case_ids: Iterable[str]) -> list[str]:
        """``case_ids`` in an order in which each file is read about once."""
        await self._refresh(await self.listed.last())
        wanted = list(case_ids)
        numbers = self.index.find(wanted)
        return sorted(wanted, key=lambda case_id: numbers.get(case_id, 0))

    async def choose(self, wanted: Mapping[str, Wanted]) -> list[str]:
        """Return the ids of the first objects that are ``wanted``: files are read whose span may hold one, in that order."""
        chosen = Chosen(wanted)
        recent = await self.recent.some(NO_LIMIT, NO_LIMIT)  # first: an object leaves the store and is in a file in one step
        await asyncio.to_thread(_choose_recent, chosen, recent, self.files.layout)
        _, counted = await self.listed.files()
        spans: dict[SettledFile, Spans | None] = {file: orjson.loads(file.spans) if file.spans else None for file in counted}
        for file in sorted(counted, key=lambda each: _greatest(spans[each], wanted), reverse=True):
            if chosen.may_have(spans[file]):
                await asyncio.to_thread(chosen.take, await self.files.listed(file))
        return chosen.ids

    async def forget(self, case_ids: Sequence[str]) -> None:
        """Remove the reviews of deleted cases from every file; a line stays that says so. What the store had of them is such a
        line already: so no file that is being made with their reviews will ever count. What a crash cuts short is done by the
        next call."""
        gone, there = set(case_ids), await self.files.there()
        last, counted = await self.listed.files()
        names = {file.name for file in counted}
        for file in there:
            if file.name not in names and (file.number <= last or gone & await self.files.ids(file)):
                await self.files.remove(file)
        await self.index.refresh(anew=True)
        numbers = self.index.positions(list(gone)) | set(self._uncovered(last))
        for file in await self.listed.of(sorted(numbers)):
            await self._without(file, gone)

    async def _without(self, file: SettledFile, gone: set[str]) -> None:
        cases = await self.files.read(file)
        left = {case_id: tombstone(case_id) if case_id in gone else data for case_id, data in cases.items()}
        if left == cases:
            return
        new = await self.files.write(file.number, left)
        crashpoint("deletion.before_reviews")
        await self.listed.replace(file, new)
        crashpoint("deletion.after_reviews")
        await self.files.remove(file)

    async def _in_files(self, case_ids: Sequence[str]) -> dict[str, bytes]:
        last = await self.listed.last()
        if not last:
            return {}
        await self._refresh(last)
        wanted = self.index.find(case_ids)
        numbers = [*sorted(set(wanted.values())), *self._uncovered(last)]  # the last one that has a case is right about it
        found: dict[str, bytes] = {}
        for file in await self.listed.of(numbers):
            cases = await self._read(file)
            found |= {case_id: cases[case_id] for case_id in case_ids if case_id in cases}
        return found

    async def _read(self, file: SettledFile) -> Mapping[str, bytes]:
        """Another file may have taken its place since it was listed, because cases were deleted."""
        try:
            return await self.files.read(file)
        except StoreUnavailable:
            now = await self.listed.of([file.number])
            if now == [file]:
                raise
            return await self.files.read(now[0]) if now else {}

    async def _refresh(self, last: int) -> None:
        if self.index.covered < last:
            await self.index.refresh()

    def _uncovered(self, last: int) -> range:
        """Files that count and are not in the index yet: a moment after a move, or after a restore."""
        return range(self.index.covered + 1, last + 1)


def open_settled(client: Redis, shard: str, archive_uri: str) -> SettledObjects:
    """Return the settled reviews of a review ``shard``, or the closed approvals or workflows. Connects with its first command."""
    layout = layout_of(shard)
    files, index = SettledFiles(archive_uri, shard, layout), SettledIndex(archive_uri, shard, layout)
    return SettledObjects(ArchivedCaseStore(client, shard), SettledList(client, shard), files, index)


def layout_of(shard: str) -> Layout:
    """Return how the files of ``shard`` are laid out."""
    return {APPROVAL: APPROVALS, WORKFLOW: WORKFLOWS}.get(shard, REVIEWS)


def _choose_recent(chosen: Chosen, stored: Mapping[str, bytes], layout: Layout) -> None:
    rows = ((row_id, opened(data)) for row_id, data in stored.items())
    chosen.take(layout.row(row_id, data) for row_id, data in rows if data != TORN)


def _greatest(spans: Spans | None, wanted: Iterable[str]) -> float:
    """Files whose span nobody knows come first."""
    return -EVERYTHING if spans is None else max((spans[kind][1] for kind in wanted if kind in spans), default=EVERYTHING)
