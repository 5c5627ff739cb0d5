"""The archive of the shards outside the store, on any fsspec file system: snapshots, old entries, anchors.

snapshots/<shard>/<seq>.gz               hitl.machine.snapshot
journal/<shard>/<first>-<last>.parquet   hitl.adapters.files.segments, entries first to last
anchors/<shard>.json                     {"seq", "hash"}
signers/<shard>/<first seq>.json         hitl.adapters.files.signers
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.files.segments import SUFFIX, packed, unpacked
from hitl.canonical import canonical
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.journal.entry import Entry

DIGITS = 16
"""Of a seq in a name, so that names are in the order of their numbers."""

T = TypeVar("T")


@contextmanager
def archive_errors() -> Iterator[None]:
    """Turns what the files raise into StoreUnavailable."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"archive: {error}") from error


async def in_thread(call: Callable[[], T]) -> T:
    """Return what ``call`` returns, run in a thread. Raises StoreUnavailable."""
    with archive_errors():
        return await asyncio.to_thread(call)


class SnapshotFiles:
    """A hitl.machine.snapshot.Snapshots of ``shard``."""

    def __init__(self, uri: str, shard: str) -> None:
        self._blobs, self._folder = open_blobs(uri), f"snapshots/{shard}"

    async def seqs(self) -> list[int]:
        names = await in_thread(partial(self._blobs.names, self._folder))
        return sorted((int(name.removesuffix(".gz")) for name in names), reverse=True)

    async def read(self, seq: int) -> bytes:
        return await in_thread(partial(self._blobs.read, self._place(seq)))

    async def write(self, seq: int, data: bytes) -> None:
        await in_thread(partial(self._blobs.write, self._place(seq), data))

    async def remove(self, seq: int) -> None:
        await in_thread(partial(self._blobs.remove, self._place(seq)))

    def _place(self, seq: int) -> str:
        return f"{self._folder}/{seq:0{DIGITS}d}.gz"


class AnchorFile:
    """A hitl.machine.recovery.Anchor of ``shard``."""

    def __init__(self, uri: str, shard: str) -> None:
        self._blobs, self._place = open_blobs(uri), f"anchors/{shard}.json"

    async def read(self) -> tuple[int, str] | None:
        try:
            found = json.loads(await asyncio.to_thread(self._blobs.read, self._place))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"archive: {error}") from error
        return int(found["seq"]), str(found["hash"])

    async def write(self, seq: int, head: str) -> None:
        await in_thread(partial(self._blobs.write, self._place, canonical({"seq": seq, "hash": head})))


class ArchivedEntries:
    """The entries of ``shard`` that were moved out of the store. The segment that was read last is kept in memory."""

    def __init__(self, uri: str, shard: str) -> None:
        self._blobs, self._shard, self._folder = open_blobs(uri), shard, f"journal/{shard}"
        self._held: tuple[str, list[Entry]] = ("", [])

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        """Read up to ``limit`` entries with seq > ``after_seq``, in order, of one segment: maybe fewer than there are.
        Raises ChainBroken for a segment that does not open, StoreUnavailable."""
        name = next((each for each in await self._names() if _range(each)[1] > after_seq), None)
        if name is None:
            return []
        entries = await self._segment(name)
        return [entry for entry in entries if entry.seq > after_seq][:limit]

    async def end(self) -> tuple[int, str] | None:
        """Return the last archived entry's seq and hash."""
        newest = max(await self._names(), key=lambda name: _range(name)[1], default=None)  # two writers' files may overlap
        entries = await self._segment(newest) if newest else []
        return (entries[-1].seq, entries[-1].hash) if entries else None

    async def add(self, entries: Sequence[Entry]) -> None:
        """Store ``entries``, which follow what is there, durably, and read them back. Raises ChainBroken, StoreUnavailable."""
        name = f"{entries[0].seq:0{DIGITS}d}-{entries[-1].seq:0{DIGITS}d}{SUFFIX}"
        data = await asyncio.to_thread(packed, entries)
        await in_thread(partial(self._blobs.write, f"{self._folder}/{name}", data))
        self._held = ("", [])
        if await self._segment(name) != list(entries):
            raise ChainBroken(self._shard, entries[0].seq)

    async def _names(self) -> list[str]:
        return await in_thread(partial(self._blobs.names, self._folder))

    async def _segment(self, name: str) -> list[Entry]:
        if self._held[0] != name:
            data = await in_thread(partial(self._blobs.read, f"{self._folder}/{name}"))
            self._held = (name, await asyncio.to_thread(unpacked, self._shard, _range(name)[0], data))
        return self._held[1]


def _range(name: str) -> tuple[int, int]:
    first, _, last = name.removesuffix(SUFFIX).partition("-")
    return int(first), int(last)
