"""Move cases from an intake partition's stream to the archive: written and read back, on the record, then dropped.

Each step may be cut short anywhere. A segment counts once the border has moved behind it; one that never counted is removed by
the next archiver, while its cases still stand in the stream. Dropping is repeated until the stream has no case that the archive
has too, but for those that people have not finished with.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from redis.asyncio import Redis

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.case_index import CaseIndex
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.stepping import Stepping
from hitl.crashpoints import crashpoint
from hitl.errors import ChainBroken, Fenced
from hitl.intake.chains import ChainHead, Link, follow_links
from hitl.intake.leaving import LeavingTerms, StoreFacts, cases_to_archive
from hitl.intake.segments import ArchivedSegment, range_of
from hitl.machine import Envelope, Shard
from hitl.review import Cursor, NoteCasesArchived, OpenAmong

PAGE = 500
"""Cases a read: a megabyte."""


class CaseArchiver(Stepping):
    """The one archiver of a partition, beside its review ``shard``. ``counted_to`` tells the position that the counters have
    read."""

    FAILED = "cases stay in the store for now"

    def __init__(
        self,
        shard: Shard[Any],
        places: tuple[Border, ValkeyIntake, CaseArchive, CaseIndex],
        terms: LeavingTerms,
        counted_to: Callable[[], Awaitable[int]],
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(shard)
        self._terms, self._counted_to, self._wall = terms, counted_to, wall
        self._border, self._intake, self._archive, self._index = places
        self._heads: dict[str, ChainHead] = {}
        self._previous, self._archived_to, self._dropped_to = "", 0, 0

    async def step(self) -> int:
        """Drop what may leave, move a segment where one is due, and return the number of its cases. Raises ChainBroken for
        cases that are not as their gateways wrote them, Unavailable."""
        epoch = self._epoch or await self._begin()
        archived_to = await self._border.archived_to()
        if archived_to != self._archived_to:
            raise Fenced(f"archive of {self._archive.name}", epoch, epoch + 1)
        await self._drop_page(archived_to)
        links = await self._next(archived_to)
        if links:
            await self._move(epoch, links)
        return len(links)

    async def _begin(self) -> int:
        """Take over: from now on no other archiver moves the border."""
        epoch = await self._border.open_epoch()
        counted = await self._border.segments()
        self._archived_to = await self._border.archived_to()
        await self._remove_uncounted(counted, self._archived_to)
        newest = max(counted, key=range_of, default=None)
        last = None if newest is None else await self._archive.segment(newest, counted[newest])
        self._heads, self._previous = ({}, "") if last is None else (last.heads, last.digest)
        await self._complete_index(counted)
        self._epoch, self._dropped_to = epoch, 0
        return epoch

    async def _remove_uncounted(self, counted: dict[str, str], archived_to: int) -> None:
        """A segment that does not count is removed only while all of its cases stand in the stream: after a loss in the store it
        may be the only copy."""
        for name in set(await self._archive.names()) - set(counted):
            first, last = range_of(name)
            if first <= archived_to or not await self._border.holds([first, last]):
                raise ChainBroken(self._archive.name, first)
            await self._archive.remove(name)

    async def _complete_index(self, counted: dict[str, str]) -> None:
        """A restored archive has no index."""
        await self._index.refresh()
        for name, digest in counted.items():
            if range_of(name)[1] > self._index.covered:
                links = await self._archive.links(name, digest)
                await self._index.add(*range_of(name), await asyncio.to_thread(_ids_of, links))

    async def _drop_page(self, archived_to: int) -> int:
        """Drop those of the next page of cases that are in the archive and that nobody has to look at any more."""
        page = await self._border.behind(self._dropped_to, archived_to, PAGE)
        asked = [record.case_id for _, record in page if record.is_for_people]
        open_ids = set((await self._shard.ask(OpenAmong(tuple(asked)))).case_ids) if asked else set()
        gone = [(seq, record) for seq, record in page if record.case_id not in open_ids]
        if gone:
            crashpoint("cases.before_drop")
            await self._border.drop(gone)
            crashpoint("cases.after_drop")
        self._dropped_to = page[-1][0] if page else 0
        return len(page)

    async def _next(self, archived_to: int) -> list[Link]:
        """Return the cases that leave next, one behind the other."""
        leaving = cases_to_archive(await self._facts(archived_to), self._terms, self._wall())
        found, taken, after = list[Link](), 0, archived_to
        while len(found) < leaving.limit and taken < self._terms.segment_bytes:
            page = await self._intake.links(after, min(PAGE, leaving.limit - len(found)))
            old = [link for link in page if leaving.before is None or _at(link) < leaving.before]
            found += old
            taken += sum(len(link.body) + len(link.payload or b"") for link in old)
            if not page or len(old) < len(page):
                break
            after = page[-1].seq
        return found

    async def _facts(self, archived_to: int) -> StoreFacts:
        border, oldest = self._border, await self._intake.links(archived_to, 1)
        last, cursor = await border.last(), (await self._shard.ask(Cursor())).position
        unopened = await border.first_unopened(max(cursor, archived_to))
        return StoreFacts(
            archived_to=archived_to,
            last=last,
            opened_to=last if unopened is None else unopened - 1,
            counted_to=await self._counted_to(),
            taken_bytes=await border.taken_bytes(),
            used_share=await border.used_share(),
            oldest_at=_at(oldest[0]) if oldest else None,
        )

    async def _move(self, epoch: int, links: list[Link]) -> None:
        heads = await asyncio.to_thread(follow_links, self._archive.name, self._heads, links)  # a tenth of a second of hashing
        living = {*await self._intake.heads(), *(link.gateway for link in links)}
        heads = {gateway: head for gateway, head in heads.items() if gateway in living}
        crashpoint("cases.before_archive")
        segment = await self._archive.write(links, epoch, self._previous, heads)
        await self._index.add(segment.first, segment.last, await asyncio.to_thread(_ids_of, links))
        crashpoint("cases.after_archive")
        await self._note(segment)
        crashpoint("cases.before_border")
        await self._border.advance(segment)
        crashpoint("cases.after_border")
        self._heads, self._previous = heads, segment.digest
        self._archived_to, self._dropped_to = segment.last, segment.first - 1
        while await self._drop_page(segment.last):
            pass

    async def _note(self, segment: ArchivedSegment) -> None:
        command = NoteCasesArchived(segment.first, segment.last, segment.name, segment.digest)
        await self._shard.submit(Envelope(command, f"archive:{segment.name}:{segment.digest}", "", "time", ""))


def archiver_of(shard: Shard[Any], client: Redis, partition: int, uri: str, terms: LeavingTerms) -> CaseArchiver:
    """Return the archiver of ``partition`` over the store behind ``client`` and the archive at ``uri``."""
    border = Border(client, partition)
    archive, index = CaseArchive(uri, partition, border.deletions), CaseIndex(uri, partition)
    places = border, ValkeyIntake(client, partition), archive, index
    return CaseArchiver(shard, places, terms, partial(ValkeyMetrics(client).cursor, f"intake-{partition}"))


def _ids_of(links: list[Link]) -> list[tuple[str, int]]:
    return [(orjson.loads(link.body)["case_id"], link.seq) for link in links]


def _at(link: Link) -> float:
    return float(orjson.loads(link.body)["at"])
