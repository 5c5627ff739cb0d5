"""The wrapped keys of archived cases: out of the store into a file for each segment, of which the store has the key.

A key is erased by a file without it under another key: once the store has forgotten the old one, no copy of the old file opens.
What a crash leaves is a file that nobody can open; no unknown one is removed, since another process may be about to list it.
The file that was read last stays in memory, and is read anew once the store lists another.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.files.key_files import NO_KEYS, KeyFile, KeyFiles
from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.canonical import digest_of
from hitl.crashpoints import crashpoint
from hitl.errors import SealBroken, StoreUnavailable
from hitl.intake.segments import range_of
from hitl.sealing.key_files import pack_keys, unpack_keys

PAGE = 1_000
"""Keys a read."""

TRIES = 5
"""Of a change: each loses only to another one of the same segment."""

Change = Callable[[dict[str, bytes]], dict[str, bytes]]


class ArchivedKeys:
    """Those of ``partition``. All methods raise StoreUnavailable, and SealBroken for a file that was changed."""

    def __init__(self, client: Redis, partition: int, files: KeyFiles) -> None:
        self._client, self._partition, self._files = client, partition, files
        self._wrapped, self._listed = names.wrapped_keys(partition), names.key_files(partition)
        self._move, self._replace = script(client, "move_keys"), script(client, "replace_keys")
        self._segments: list[str] = []
        self._held: tuple[KeyFile, dict[str, bytes]] | None = None

    async def find(self, seq: int, case_id: str) -> bytes | None:
        """Return the wrapped key of ``case_id``, which stands at position ``seq``; None where no file has it."""
        looked: set[str] = set()
        for known in (self._segments, await self.segments()):
            for segment in (each for each in known if _holds(each, seq) and each not in looked):
                looked.add(segment)
                if (key := (await self._keys(segment))[1].get(case_id)) is not None:
                    return key
        return None

    async def drop(self, places: Mapping[str, int]) -> int:
        """Erase the keys of cases, given with their positions; return how many there were. Repeat it after a failure."""
        of: dict[str, list[str]] = {}
        for segment in await self.segments():  # a restored store may have two for a position: of before, and the one in its place
            of |= {segment: found} if (found := [case_id for case_id, seq in places.items() if _holds(segment, seq)]) else {}
        dropped = 0
        for segment, case_ids in of.items():
            dropped += await self._change(segment, _without(case_ids))
        return dropped

    async def segments(self) -> list[str]:
        """Return the segments whose keys were moved, in order of position."""
        with store_errors():
            found = cast(list[bytes], await self._client.hkeys(self._listed))
        self._segments = sorted((name.decode() for name in found), key=range_of)
        return self._segments

    async def is_done(self) -> bool:
        """Tell whether the store has no key at all."""
        with store_errors():
            return await self._client.hlen(self._wrapped) == 0

    async def move(self, segment: str, case_ids: Sequence[str]) -> int:
        """Move the keys of the segment's cases into its file and return their number. What changes meanwhile is left to the
        next call."""
        stored = await self._stored(case_ids)
        if not stored:
            await self._count(segment, NO_KEYS, {})
            return 0
        file = await self._write(segment, stored)
        crashpoint("keys.before_count")
        if not await self._count(segment, file.stored, stored):
            await self._files.remove(file)
            return 0
        crashpoint("keys.after_count")
        return len(stored)

    async def rewrap(self, wrapped_anew: Callable[[str, bytes], bytes]) -> int:
        """Wrap every key of every file with another master key, by ``wrapped_anew``, which returns what needs no change as it is;
        return how many changed."""
        count = 0
        for segment in await self.segments():
            count += await self._change(segment, lambda keys: {each: wrapped_anew(each, key) for each, key in keys.items()})
        return count

    async def check(self) -> int:
        """Open every file and return the number of keys."""
        return sum([len((await self._keys(segment))[1]) for segment in await self.segments()])

    async def _keys(self, segment: str) -> tuple[KeyFile | None, dict[str, bytes]]:
        """Another file may have taken the place of the one that was listed."""
        for tries_left in reversed(range(TRIES)):
            file = await self._file(segment)
            if file is None:
                return None, {}
            if self._held is not None and self._held[0] == file:  # cases are read in their order: the next one is near
                return self._held
            try:
                data = await self._files.read(file)
            except StoreUnavailable:
                if not tries_left or await self._file(segment) == file:
                    raise
                continue
            if digest_of(data) != file.digest:
                raise SealBroken(file.place(self._partition), "its bytes are not those that were written")
            self._held = file, await asyncio.to_thread(unpack_keys, data, bytes.fromhex(file.own), segment)
            return self._held
        raise AssertionError("the last try returns or raises")

    async def _file(self, segment: str) -> KeyFile | None:
        with store_errors():
            stored = cast(bytes | None, await self._client.hget(self._listed, segment))
        return None if stored is None else KeyFile.from_stored(segment, stored.decode())

    async def _change(self, segment: str, change: Change) -> int:
        """Return how many keys of the segment are others now, or gone."""
        for _ in range(TRIES):
            file, keys = await self._keys(segment)
            changed = change(keys)
            count = sum(changed.get(case_id) != key for case_id, key in keys.items())
            if file is None or not count:
                return 0
            new = await self._write(segment, changed) if changed else None
            crashpoint("keys.before_replace")
            with store_errors():
                entry = new.stored if new else NO_KEYS
                is_replaced = await self._replace(keys=[self._listed], args=[segment, file.stored, entry])
            crashpoint("keys.after_replace")
            if is_replaced:
                self._held = None
                await self._files.remove(file)
                return count
            if new is not None:
                await self._files.remove(new)
        raise StoreUnavailable(f"the keys of {segment} change all the time")

    async def _write(self, segment: str, keys: Mapping[str, bytes]) -> KeyFile:
        """Written and read back."""
        data, own = await asyncio.to_thread(pack_keys, keys, segment, os.urandom)
        file = KeyFile(segment, digest_of(data), own.hex())
        await self._files.write(file, data)
        if await asyncio.to_thread(unpack_keys, await self._files.read(file), own, segment) != dict(keys):
            raise SealBroken(file.place(self._partition), "it does not read back as it was written")
        return file

    async def _stored(self, case_ids: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for page in (case_ids[first : first + PAGE] for first in range(0, len(case_ids), PAGE)):
            with store_errors():
                keys = cast(list[bytes | None], await self._client.hmget(self._wrapped, list(page)))
            found |= {case_id: key for case_id, key in zip(page, keys, strict=True) if key is not None}
        return found

    async def _count(self, segment: str, entry: str, stored: Mapping[str, bytes]) -> bool:
        args = [part for case_id, key in stored.items() for part in (case_id, _sha1(key))]
        with store_errors():
            return bool(await self._move(keys=[self._wrapped, self._listed], args=[segment, entry, *args]) == b"OK")


def open_keys(client: Redis, partition: int, archive_uri: str) -> ArchivedKeys:
    """Return the keys of the archived cases of ``partition``. Connects with its first command."""
    return ArchivedKeys(client, partition, KeyFiles(archive_uri, partition))


def _holds(segment: str, seq: int) -> bool:
    first, last = range_of(segment)
    return first <= seq <= last


def _without(case_ids: Iterable[str]) -> Change:
    gone = set(case_ids)
    return lambda keys: {case_id: key for case_id, key in keys.items() if case_id not in gone}


def _sha1(value: bytes) -> str:
    """What the store can compute of it: only to see a change, not to prove anything."""
    return hashlib.sha1(value, usedforsecurity=False).hexdigest()
