"""Copy the product's keys to JSON lines and back, one hash tag at a time; each shard is copied at one moment.

A stream is copied from the entry that was its first at that moment to the one that was its last; every other key as the store's
own dump. What leaves a journal between the two while it is copied is missing here, and is in the archive by then. The keys that
find a case by its id are not copied: they follow from the stream.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import islice
from typing import Any, cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.adapters.valkey.rows import Row
from hitl.errors import InvalidInput

PAGE = 500
PATTERN = "hitl:{*}:*"
LEFT_OUT = frozenset({"limits"})
READABLE = (b"}:border", b"}:segments", b"}:deletions", b"}:settled-files", b"}:key-files")
"""Hashes that are copied as they read: they say which files of the archive belong to the copy."""

FIRST = ("outbox", "metrics")
"""What remembers how far it read a journal must not be ahead of that journal's copy."""

Line = dict[str, Any]


async def tags(client: Redis) -> list[str]:
    """Return the hash tags of the product's keys, in the order in which they must be copied: a journal before the intake that it
    speaks of. Raises StoreUnavailable."""
    with store_errors():
        found = {tag_of(key.decode()) async for key in client.scan_iter(PATTERN, count=PAGE)} - LEFT_OUT
    return sorted(found, key=lambda tag: (tag not in FIRST, tag.startswith("intake-"), tag))


def tag_of(key: str) -> str:
    return key.split("{")[1].split("}")[0]


async def lines_of(client: Redis, tag: str) -> AsyncIterator[Line]:
    """Yield the keys of ``tag`` as they stand now. Raises StoreUnavailable."""
    with store_errors():
        keys = sorted([key async for key in client.scan_iter(f"hitl:{{{tag}}}:*", count=PAGE) if b"}:case:" not in key])
        streams = [key for key in keys if await client.type(key) == b"stream"]
        plain = [key for key in keys if key not in streams]
        moment = client.pipeline(transaction=True)
        for key in streams:
            moment.xrange(key, count=None if key.endswith(b":puts") else 1)  # whoever takes those up drops them, and keeps none
            moment.xrevrange(key, count=1)
        for key in plain:
            if key.endswith(READABLE):
                moment.hgetall(key)
            else:
                moment.dump(key)
            moment.pttl(key)
        found = await moment.execute()
    firsts, lasts, dumps = found[: 2 * len(streams) : 2], found[1 : 2 * len(streams) : 2], found[2 * len(streams) :]
    for key, first, last in zip(streams, firsts, lasts, strict=True):
        async for row in _rows(client, key, first, last):
            yield line_of(key.decode(), row[0].decode(), row[1])
    for key, data, ttl_ms in zip(plain, dumps[::2], dumps[1::2], strict=True):
        if key.endswith(READABLE):
            yield {"key": key.decode(), "hash": {name.decode(): value.decode() for name, value in data.items()}}
        elif data is not None:
            yield {"key": key.decode(), "dump": _text(data), "ttl_ms": max(0, int(ttl_ms))}


def line_of(key: str, entry_id: str, fields: Mapping[bytes, bytes]) -> Line:
    """Return the line of one entry of the stream ``key``."""
    return {"key": key, "id": entry_id, "fields": {name.decode(): _text(value) for name, value in fields.items()}}


async def put(client: Redis, lines: Iterable[Line]) -> None:
    """Write ``lines`` into a store that has none of their keys. Raises InvalidInput for a dump that this store does not
    read, StoreUnavailable."""
    rest = iter(lines)
    while page := list(islice(rest, PAGE)):
        writes = client.pipeline(transaction=False)
        for line in page:
            _put(writes, line)
        with store_errors():
            results = await writes.execute(raise_on_error=False)
        if failed := [each for each in results if isinstance(each, Exception)]:
            raise InvalidInput("/source", f"keys that this store takes: {failed[0]}")


async def is_empty(client: Redis) -> bool:
    """Tell whether the store has none of the product's keys. Raises StoreUnavailable."""
    with store_errors():
        return not [key async for key in client.scan_iter(PATTERN, count=PAGE)]


def _put(writes: Any, line: Line) -> None:
    key = line["key"]
    if "dump" in line:
        writes.restore(key, line["ttl_ms"], b64decode(line["dump"]))
        return
    if "hash" in line:
        if line["hash"]:
            writes.hset(key, mapping=line["hash"])
        return
    fields = {name: b64decode(value) for name, value in line["fields"].items()}
    writes.xadd(key, fields, id=line["id"])
    if key.endswith(":cases"):
        partition = int(tag_of(key).removeprefix("intake-"))
        writes.set(names.case(partition, json.loads(fields["b"])["case_id"]), line["id"].split("-")[0])


async def _rows(client: Redis, key: bytes, first: list[Row], last: list[Row]) -> AsyncIterator[Row]:
    """Yield ``first``, what stands between the two now, and ``last``."""
    for row in first:
        yield row
    if first[-1:] == last:
        return
    start, end = first[-1][0], f"({last[0][0].decode()}"
    while True:
        with store_errors():
            page = cast(list[Row], await client.xrange(key, min=f"({start.decode()}", max=end, count=PAGE))
        for row in page:
            yield row
        if len(page) < PAGE:
            break
        start = page[-1][0]
    yield last[0]


def _text(data: bytes) -> str:
    return b64encode(data).decode()
