"""Cases that left the store, on any fsspec file system.

cases/day=<UTC day>/task=<task>/intake-<p>-<segment>.parquet   hitl.adapters.files.case_files
cases-segments/intake-<p>/<segment>.json                       hitl.intake.segments, what holds and proves them

A segment's name is <first>-<last>-<epoch>. Segments count once the store names them: only then do their cases leave it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.files.case_files import SUFFIX, packed, unpacked
from hitl.canonical import digest_of
from hitl.errors import ChainBroken
from hitl.intake.chains import ChainHead, Link
from hitl.intake.segments import ArchivedFile, ArchivedSegment, by_day_and_task, range_of, segment_name

Written = tuple[ArchivedSegment, dict[str, bytes]]


class CaseArchive:
    """The archived cases of ``partition`` below ``uri``. The segment that was read whole last stays in memory."""

    def __init__(self, uri: str, partition: int) -> None:
        self._blobs, self._partition, self.name = open_blobs(uri), partition, f"intake-{partition}"
        self._held: tuple[str, list[Link]] = ("", [])

    async def names(self) -> list[str]:
        """Return all segments that are there, also those that never counted. Raises StoreUnavailable."""
        found = await in_thread(partial(self._blobs.names, self._folder))
        return [name.removesuffix(".json") for name in found]

    async def write(self, links: Sequence[Link], epoch: int, previous: str, heads: Mapping[str, ChainHead]) -> ArchivedSegment:
        """Store ``links``, which stand one behind the other, durably, and read them back. The list of files comes before the
        files, so that what a crash leaves can be removed. Raises ChainBroken, StoreUnavailable."""
        segment, files = await asyncio.to_thread(_made, self._partition, links, epoch, previous, heads)
        await in_thread(partial(self._blobs.write, self._place(segment.name), segment.encode()))
        for place, data in files.items():
            await in_thread(partial(self._blobs.write, place, data))
        if await self._links(await self.segment(segment.name, segment.digest)) != list(links):
            raise ChainBroken(self.name, segment.first)
        return segment

    async def segment(self, name: str, digest: str) -> ArchivedSegment:
        """Return the segment ``name``. Raises ChainBroken unless its bytes have ``digest``, StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, self._place(name)))
        if digest_of(data) != digest:
            raise ChainBroken(self.name, range_of(name)[0])
        return ArchivedSegment.decode(data)

    async def links(self, name: str, digest: str) -> list[Link]:
        """Return all that is left of a segment, in order of position, each file proved. Raises ChainBroken for one that was
        changed, StoreUnavailable for one that is not there."""
        if self._held[0] != name:
            self._held = (name, await self._links(await self.segment(name, digest)))
        return self._held[1]

    async def link_at(self, name: str, digest: str, seq: int) -> Link | None:
        """Return the case at position ``seq`` of a segment; raises as ``links``."""
        if self._held[0] == name:
            return next((link for link in self._held[1] if link.seq == seq), None)
        segment = await self.segment(name, digest)
        for file in (each for each in segment.files if each.first <= seq <= each.last):
            data = await self._proved(file)
            found = await asyncio.to_thread(unpacked, self.name, seq, data, seq)
            if found:
                return found[0]
        return None

    async def remove(self, name: str) -> None:
        """Remove a segment that never counted, its files first. Raises StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, self._place(name)))
        for file in ArchivedSegment.decode(data).files:
            await in_thread(partial(self._blobs.remove, file.place))
        await in_thread(partial(self._blobs.remove, self._place(name)))

    async def _links(self, segment: ArchivedSegment) -> list[Link]:
        found: list[Link] = []
        for file in segment.files:
            found += await asyncio.to_thread(unpacked, self.name, file.first, await self._proved(file))
        return sorted(found, key=lambda link: link.seq)

    async def _proved(self, file: ArchivedFile) -> bytes:
        data = await in_thread(partial(self._blobs.read, file.place))
        if digest_of(data) != file.digest:
            raise ChainBroken(self.name, file.first)
        return data

    def _place(self, name: str) -> str:
        return f"{self._folder}/{name}.json"

    @property
    def _folder(self) -> str:
        return f"cases-segments/{self.name}"


def _made(partition: int, links: Sequence[Link], epoch: int, previous: str, heads: Mapping[str, ChainHead]) -> Written:
    """Return the segment, and the bytes of each file by its place."""
    first, last = links[0].seq, links[-1].seq
    name, rows, files = segment_name(first, last, epoch), list[ArchivedFile](), dict[str, bytes]()
    for (day, task), ours in by_day_and_task(list(links)).items():
        place, data = f"cases/day={day}/task={task}/intake-{partition}-{name}{SUFFIX}", packed(ours)
        rows.append(ArchivedFile(place, day, task, ours[0].seq, ours[-1].seq, len(ours), digest_of(data)))
        files[place] = data
    return ArchivedSegment(partition, first, last, epoch, previous, rows, dict(heads)), files
