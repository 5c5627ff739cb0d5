"""The cases of a backup: those that leave the store while it is copied, and the archive up to the moment of the copy, with the
settled reviews that moved there."""

from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

from redis.asyncio import Redis

from hitl.adapters.files.archived_intake import ArchivedIntake
from hitl.adapters.files.blobs import Blobs
from hitl.adapters.files.key_files import KeyFile
from hitl.adapters.files.settled_files import SettledFile, place_of
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.settled_list import LAST
from hitl.adapters.valkey.settled_objects import layout_of
from hitl.adapters.valkey.store_copy import Line, line_of
from hitl.intake.chains import Link
from hitl.intake.deletions import Deletion
from hitl.intake.record import CaseRecord
from hitl.intake.segments import ArchivedSegment, range_of


class Mark(NamedTuple):
    """Where an intake's border stood before anything was copied, and the segments and the deletions that counted then: the copy
    of the journal, which comes first, speaks of all of them."""

    archived_to: int
    segments: dict[str, str]
    deletions: dict[str, str]


async def mark_of(client: Redis, partition: int) -> Mark:
    """Raises StoreUnavailable."""
    border = Border(client, partition)
    segments = await border.segments()
    end = max((range_of(name)[1] for name in segments), default=0)
    return Mark(end, segments, await border.all_deletions())


async def as_of(mark: Mark, intake: ArchivedIntake, lines: AsyncIterator[Line]) -> AsyncIterator[Line]:
    """``lines`` of an intake partition as they would be had no case left since ``mark``: streams first, then the border.
    Raises ChainBroken, StoreUnavailable."""
    left = _LeftSince(mark, intake)
    async for line in lines:
        if line["key"].endswith(("}:cases", "}:refs")):
            at = int(line["id"].split("-")[0])
        elif line["key"].endswith("}:border"):
            at = int(line["hash"].get("archived_to", 0)) + 1  # a writer took its turn before any case left
        else:
            yield _marked(line, mark)
            continue
        if not line["key"].endswith("}:refs"):
            async for each in left.cases(line["key"], at):
                yield each
        if not line["key"].endswith("}:cases"):
            for each in left.references(line["key"], at):
                yield each
        yield _marked(line, mark)


class _LeftSince:
    """The cases that left after ``mark``, as lines, each once."""

    def __init__(self, mark: Mark, intake: ArchivedIntake) -> None:
        self._seq, self._intake = mark.archived_to, intake
        self._people: dict[int, str] = {}

    async def cases(self, key: str, before: int) -> AsyncIterator[Line]:
        """Yield those between the last one told and position ``before``, which is told of next."""
        while self._seq + 1 < before:
            gone = [each for each in await self._intake.links(self._seq, before - self._seq - 1) if each.seq < before]
            if not gone:
                break
            for link in gone:
                yield line_of(_sibling(key, "cases"), f"{link.seq}-0", _fields(link))
            self._people |= _for_people(gone)
            self._seq = gone[-1].seq
        self._seq = max(self._seq, before if key.endswith("}:cases") else 0)

    def references(self, key: str, before: int) -> list[Line]:
        """Return those of the cases told so far, up to position ``before``, which is told of next."""
        place, told = _sibling(key, "refs"), [(seq, case) for seq, case in self._people.items() if seq < before]
        self._people = {seq: case for seq, case in self._people.items() if seq > before}
        return [line_of(place, f"{seq}-0", {b"c": case.encode()}) for seq, case in told]


def _sibling(key: str, name: str) -> str:
    return key.rpartition(":")[0] + f":{name}"


def archived_places(partition: int, mark: Mark, blobs: Blobs) -> list[str]:
    """Return the files of the segments of ``mark``, with what stays of those that were deleted."""
    places: list[str] = []
    for name in mark.segments:
        place = f"cases-segments/intake-{partition}/{name}.json"
        files = [file.place for file in ArchivedSegment.decode(blobs.read(place)).files]
        places += [place, *(each for each in files if each not in mark.deletions)]
    for digest in mark.deletions.values():
        place = f"cases-deleted/intake-{partition}/{digest}.json"
        kept = Deletion.decode(blobs.read(place)).kept
        places += [place, *([kept.place] if kept else [])]
    return places


def settled_places(shard: str, lines: Iterable[Line]) -> list[str]:
    """Return the files of what is settled that the copy of ``shard`` names: what the store has of it is of the same moment."""
    found = [line["hash"] for line in lines if line["key"].endswith("}:settled-files")]
    named = [pair for listed in found for pair in listed.items() if pair[0] != LAST.decode()]
    files = [SettledFile.from_stored(int(number), stored) for number, stored in named]
    return [place_of(shard, file, layout_of(shard)) for file in files]


def key_places(partition: int, lines: Iterable[Line]) -> list[str]:
    """Return the files of wrapped keys that the copy of an intake partition names, of the same moment as the keys in it."""
    found = [line["hash"] for line in lines if line["key"].endswith("}:key-files")]
    files = [KeyFile.from_stored(segment, stored) for listed in found for segment, stored in listed.items()]
    return [file.place(partition) for file in files if file is not None]


def _marked(line: Line, mark: Mark) -> Line:
    if line["key"].endswith("}:border"):
        return {**line, "hash": {**line["hash"], "archived_to": str(mark.archived_to)}}
    if line["key"].endswith("}:deletions"):
        return {**line, "hash": mark.deletions}
    return {**line, "hash": mark.segments} if line["key"].endswith("}:segments") else line


def _for_people(links: list[Link]) -> dict[int, str]:
    records = {link.seq: CaseRecord.decode(link.body) for link in links}
    return {seq: record.case_id for seq, record in records.items() if record.is_for_people}


def _fields(link: Link) -> dict[bytes, bytes]:
    chained = {b"g": link.gateway.encode(), b"n": str(link.counter).encode(), b"h": link.hash.encode()}
    return {b"b": link.body, b"p": link.payload or b"", **chained}
