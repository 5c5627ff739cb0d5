"""The store's list of the files of what is settled of a shard: which count, and what proves them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.files.settled_files import SettledFile
from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.errors import Fenced

LAST = b"last"


class SettledList:
    """The list of ``shard``. All methods raise StoreUnavailable."""

    def __init__(self, client: Redis, shard: str) -> None:
        self._client, self._shard = client, shard
        self._settled, self._files = names.kept_cases(shard), names.settled_files(shard)
        self._count, self._replace = script(client, "count_settled"), script(client, "replace_settled")

    async def last(self) -> int:
        """Return the last number that was given, 0 for none."""
        with store_errors():
            return int(await self._client.hget(self._files, LAST.decode()) or 0)

    async def files(self) -> tuple[int, list[SettledFile]]:
        """Return the last number, and all files that count in order of number, as of one moment."""
        with store_errors():
            found = cast(dict[bytes, bytes], await self._client.hgetall(self._files))
        last = int(found.pop(LAST, 0))
        return last, sorted(SettledFile.from_stored(int(number), stored.decode()) for number, stored in found.items())

    async def of(self, numbers: Collection[int]) -> list[SettledFile]:
        """Return those of ``numbers`` that count, in that order."""
        if not numbers:
            return []
        with store_errors():
            found = cast(Sequence[bytes | None], await self._client.hmget(self._files, [str(each) for each in numbers]))
        listed = zip(numbers, found, strict=True)
        return [SettledFile.from_stored(number, stored.decode()) for number, stored in listed if stored is not None]

    async def count(self, epoch: int, file: SettledFile, stored: Mapping[str, bytes]) -> bool:
        """Let ``file`` count and drop its cases, which the store has as ``stored``. False when one was kept anew or deleted
        meanwhile: then nothing happened. Raises Fenced for any but the present writer."""
        args = [part for case_id, value in stored.items() for part in (case_id, _sha1(value))]
        with store_errors():
            verdict = await self._count(
                keys=[self._settled, self._files, names.epoch(self._shard)], args=[epoch, file.number, file.stored, *args]
            )
        if verdict == b"FENCED":
            raise Fenced(f"what is settled of {self._shard}", epoch, epoch + 1)
        return bool(verdict == b"OK")

    async def replace(self, file: SettledFile, new: SettledFile | None) -> bool:
        """Let ``new``, or nothing, take the place of ``file``; False when it counts no more."""
        with store_errors():
            return bool(await self._replace(keys=[self._files], args=[file.number, file.stored, new.stored if new else ""]))


def _sha1(value: bytes) -> str:
    """What the store can compute of it: only to see a change, not to prove anything."""
    return hashlib.sha1(value, usedforsecurity=False).hexdigest()
