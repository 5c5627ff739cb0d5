"""Cases that left the store, on any fsspec file system.

cases/day=<UTC day>/task=<task>/intake-<p>-<segment>.parquet   hitl.adapters.files.case_files
cases-segments/intake-<p>/<segment>.json                       hitl.intake.segments, what holds and proves them
cases-deleted/intake-<p>/<digest>.json                         hitl.intake.deletions, what stays of cases that were deleted

A segment's name is <first>-<last>-<epoch>. Segments count once the store names them: only then do their cases leave it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.files.case_files import SUFFIX, packed, unpacked
from hitl.canonical import digest_of
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.intake.chains import ChainHead, Link
from hitl.intake.deletions import Deletion
from hitl.intake.segments import ArchivedFile, ArchivedSegment, by_day_and_task, range_of, segment_name

Written = tuple[ArchivedSegment, dict[str, bytes]]
DeletionsOf = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""Tells the digest of the deletion of each place whose cases went, all or in part."""


async def none_deleted(places: Sequence[str]) -> Mapping[str, str]:
    """Nothing was ever deleted."""
    return {}


@dataclass(frozen=True, slots=True)
class _Whole:
    """The ``links`` that are left of ``segment`` after the deletions ``known``."""

    segment: ArchivedSegment
    known: Mapping[str, str]
    links: list[Link] = field(default_factory=list)


class CaseArchive:
    """The archived cases of ``partition`` below ``uri``, without those that ``deletions`` tells of. The segment that was read
    whole last stays in memory. ``passed`` are the deletions that readers of whole segments met, by the place of the file."""

    def __init__(self, uri: str, partition: int, deletions: DeletionsOf = none_deleted) -> None:
        self._blobs, self._partition, self.name = open_blobs(uri), partition, f"intake-{partition}"
        self._deletions = deletions
        self._held: _Whole | None = None
        self.passed: dict[str, Deletion] = {}

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
        if (await self._read(await self.segment(segment.name, segment.digest))).links != list(links):
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
        held = await self._current(name)
        if held is None:
            self._held = held = await self._read(await self.segment(name, digest))
        return held.links

    async def link_at(self, name: str, digest: str, seq: int) -> Link | None:
        """Return the case at position ``seq`` of a segment; raises as ``links``."""
        held = await self._current(name)
        if held is not None:
            return next((link for link in held.links if link.seq == seq), None)
        segment = await self.segment(name, digest)
        for file in await self._left_of([each for each in segment.files if each.first <= seq <= each.last]):
            data = await self.proved(file)
            found = await asyncio.to_thread(unpacked, self.name, seq, data, seq)
            if found:
                return found[0]
        return None

    async def deletion(self, digest: str) -> Deletion:
        """Return the deletion with that digest. Raises ChainBroken for another, StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, self._deletion_place(digest)))
        if digest_of(data) != digest:
            raise ChainBroken(self.name, 0)
        return Deletion.decode(data)

    async def write_deletion(self, deletion: Deletion) -> None:
        """Store what stays of cases that are about to be deleted, durably. Raises StoreUnavailable."""
        await in_thread(partial(self._blobs.write, self._deletion_place(deletion.name), deletion.encode()))

    async def write_kept(self, file: ArchivedFile, links: Sequence[Link]) -> ArchivedFile:
        """Store those of the cases of ``file`` that stay, durably, and return where. Raises StoreUnavailable."""
        data = await asyncio.to_thread(packed, links)
        digest = digest_of(data)
        place = f"{file.place.removesuffix(SUFFIX).split('~')[0]}~{digest[:12]}{SUFFIX}"
        await in_thread(partial(self._blobs.write, place, data))
        return ArchivedFile(place, file.day, file.task, links[0].seq, links[-1].seq, len(links), digest)

    async def remove_file(self, place: str) -> None:
        """Harmless for one that is not there. Raises StoreUnavailable."""
        await in_thread(partial(self._blobs.remove, place))

    async def is_there(self, place: str) -> bool:
        """Tell whether the file is there. Raises StoreUnavailable."""
        folder, _, name = place.rpartition("/")
        return name in await in_thread(partial(self._blobs.names, folder))

    async def remove(self, name: str) -> None:
        """Remove a segment that never counted, its files first. Raises StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, self._place(name)))
        for file in ArchivedSegment.decode(data).files:
            await in_thread(partial(self._blobs.remove, file.place))
        await in_thread(partial(self._blobs.remove, self._place(name)))

    async def _current(self, name: str) -> _Whole | None:
        """The segment ``name`` as it is in memory, None where it is not, or where cases of it were deleted since."""
        held = self._held
        if held is None or held.segment.name != name or await self._known(held.segment) != held.known:
            return None
        return held

    async def _known(self, segment: ArchivedSegment) -> Mapping[str, str]:
        return await self._deletions([file.place for file in segment.files])

    async def _read(self, segment: ArchivedSegment) -> _Whole:
        """Read again where cases were deleted meanwhile, whose file is gone then."""
        known = await self._known(segment)
        try:
            return _Whole(segment, known, await self._links(await self._left_of(segment.files, known)))
        except StoreUnavailable:
            if (now := await self._known(segment)) == known:
                raise
            return _Whole(segment, now, await self._links(await self._left_of(segment.files, now)))

    async def _left_of(self, files: Sequence[ArchivedFile], known: Mapping[str, str] | None = None) -> list[ArchivedFile]:
        """Return those of ``files`` that are left, each as it is now."""
        if known is None:
            known = await self._deletions([file.place for file in files])
        found: list[ArchivedFile] = []
        for file in files:
            digest = known.get(file.place)
            left = file if digest is None else await self._kept_of(file, digest)
            found += [] if left is None else [left]
        return found

    async def _kept_of(self, file: ArchivedFile, digest: str) -> ArchivedFile | None:
        deletion = await self.deletion(digest)
        if deletion.file != file.place:
            raise ChainBroken(self.name, file.first)
        self.passed[file.place] = deletion
        return deletion.kept

    async def _links(self, files: Sequence[ArchivedFile]) -> list[Link]:
        found: list[Link] = []
        for file in files:
            found += await self.links_of(file)
        return sorted(found, key=lambda link: link.seq)

    async def links_of(self, file: ArchivedFile) -> list[Link]:
        """Return the cases in ``file``, proved. Raises ChainBroken, StoreUnavailable."""
        return await asyncio.to_thread(unpacked, self.name, file.first, await self.proved(file))

    async def proved(self, file: ArchivedFile) -> bytes:
        """Return the bytes of ``file``. Raises ChainBroken where they are others than were written, StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, file.place))
        if digest_of(data) != file.digest:
            raise ChainBroken(self.name, file.first)
        return data

    def _deletion_place(self, digest: str) -> str:
        return f"cases-deleted/{self.name}/{digest}.json"

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
