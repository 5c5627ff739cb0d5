"""The ids of archived cases, found without reading the cases: sorted runs in files, mapped into memory.

cases-index/intake-<p>/<first>-<last>.idx     hitl.intake.known_ids, the ids of positions first to last
reviews-index/review-<p>/<first>-<last>.idx   the ids of the cases in the files of reviews with the numbers first to last
approvals-index/approval/<first>-<last>.idx   the ids of the approvals in their files

A run of cases is true whoever wrote it and whether or not its cases have left the store: a position keeps its case. Runs of about
the same size are merged, so that few are searched.
"""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.files.settled_files import REVIEWS, Layout
from hitl.errors import StoreUnavailable
from hitl.intake.known_ids import U64, Run, find_all_in, find_in, make_run, merge_runs, open_run
from hitl.intake.segments import DIGITS, range_of

MERGED = 8
"""Neighbouring runs of one size that become one: then at most some dozens are searched for each micro-batch."""

SUFFIX = ".idx"
TRIES = 3


class IdIndex:
    """The index in ``folder`` below ``uri``. ``covered`` is the position up to which its runs are known here without a gap."""

    def __init__(self, uri: str, folder: str) -> None:
        self._blobs, self._folder = open_blobs(uri), folder
        self._runs: dict[str, Run] = {}
        self.covered = 0

    def find(self, case_ids: Sequence[str]) -> dict[str, int]:
        """Find the positions of those that are known here; a search of mapped files, which blocks for some microseconds a run."""
        found: dict[str, int] = {}
        for run in self._runs.values():
            found |= find_in(run, case_ids)
        return found

    def positions(self, case_ids: Sequence[str]) -> set[int]:
        """Return all positions of ``case_ids`` that are known here, also those that a later one took the place of."""
        found = (find_all_in(run, case_ids) for run in self._runs.values())
        return {position for each in found for positions in each.values() for position in positions}

    async def refresh(self, anew: bool = False) -> None:
        """Map the runs that are stored now, in place of those that were mapped before; ``anew``: also those of the same name,
        which differ where an index was made anew. A run that was merged meanwhile is looked for again, TRIES times. Raises
        StoreUnavailable."""
        self._runs = {} if anew else self._runs
        for tries_left in reversed(range(TRIES)):
            wanted = _cover(await in_thread(partial(self._blobs.names, self._folder)))
            try:
                self._runs = {name: await self._run(name) for name in wanted}
                break
            except StoreUnavailable:  # merged since they were listed
                if not tries_left:
                    raise
        self.covered = max((range_of(name)[1] for name in wanted), default=0)

    async def add(self, first: int, last: int, cases: Sequence[tuple[str, int]]) -> None:
        """Store the run of positions ``first`` to ``last``, durably, and merge. For the one archiver.
        Raises StoreUnavailable."""
        await self._write(first, last, partial(make_run, cases))
        await self.refresh()
        while parts := _mergeable([*self._runs]):
            first, last = range_of(parts[0])[0], range_of(parts[-1])[1]
            await self._write(first, last, partial(merge_runs, [self._runs[name] for name in parts]))
            for name in parts:
                await in_thread(partial(self._blobs.remove, f"{self._folder}/{name}"))
            await self.refresh()

    async def clear(self) -> None:
        """Remove all runs, for the one archiver to make them anew. Raises StoreUnavailable."""
        for name in await in_thread(partial(self._blobs.names, self._folder)):
            await in_thread(partial(self._blobs.remove, f"{self._folder}/{name}"))
        await self.refresh()

    async def _write(self, first: int, last: int, made: Callable[[], bytes]) -> None:
        place = f"{self._folder}/{first:0{DIGITS}d}-{last:0{DIGITS}d}{SUFFIX}"
        data = await asyncio.to_thread(made)
        await in_thread(partial(self._blobs.write, place, data))

    async def _run(self, name: str) -> Run:
        known = self._runs.get(name)
        return await in_thread(partial(self._map, name)) if known is None else known

    def _map(self, name: str) -> Run:
        """In a file without a name, which is gone with the process: the archive may be far away, and its file may be merged."""
        with tempfile.TemporaryFile() as copy:
            copy.write(self._blobs.read(f"{self._folder}/{name}"))
            copy.flush()
            return open_run(np.memmap(copy, U64, "r"))


class CaseIndex(IdIndex):
    """The positions of the archived cases of ``partition``."""

    def __init__(self, uri: str, partition: int) -> None:
        super().__init__(uri, f"cases-index/intake-{partition}")


class SettledIndex(IdIndex):
    """The numbers of the files that hold what is settled of ``shard``, by case, or by approval."""

    def __init__(self, uri: str, shard: str, layout: Layout = REVIEWS) -> None:
        super().__init__(uri, f"{layout.folder}-index/{shard}")


def _cover(names: Sequence[str]) -> list[str]:
    """The fewest runs that cover the positions from the first on, without a gap."""
    found, covered = list[str](), -1
    for name in sorted(names, key=lambda each: (range_of(each)[0], -range_of(each)[1])):
        first, last = range_of(name)
        if covered >= 0 and first > covered + 1:
            break
        if last > covered:
            found.append(name)
            covered = last
    return found


def _mergeable(names: Sequence[str]) -> list[str]:
    """Return the newest MERGED neighbours of which none is much larger than another, in order; none if there are not as many."""
    newest = sorted(names, key=range_of)[-MERGED:]
    sizes = [last - first + 1 for first, last in map(range_of, newest)]
    return newest if len(newest) == MERGED and max(sizes) < MERGED * min(sizes) else []
