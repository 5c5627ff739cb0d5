"""The number of intake partitions: fixed by the first start, made larger by a later one.

The text in the store is the commit point. It stands there before anything else changes, and every start that reads it tells each
partition of it before a writer of cases is made: from then on the store refuses what a writer of before would append. So nobody
looks for a case in its earlier partition while it may still come there. Whatever a crash leaves undone, the next start does.
"""

import json
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, cast

import structlog
from redis import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect_blocking, store_errors
from hitl.crashpoints import crashpoint
from hitl.errors import InvalidConfig
from hitl.partitioning import Partitioning

logger = structlog.get_logger()


def pin_partitions(url: str, partitions: int, wall: Callable[[], float] = time.time) -> Partitioning:
    """Let the store at ``url`` have ``partitions``: those that it has, or more. Blocks for some round trips. Raises InvalidConfig
    for fewer than it has, StoreUnavailable."""
    with store_errors(), connect_blocking(url) as client:
        client.set(names.identity_partitions(), partitions, nx=True)
        stored = _pinned(client, partitions, wall)
        _tell_partitions(client, stored)
        crashpoint("partitions.after_fences")
    return stored


def stored_partitions(url: str, otherwise: int) -> Partitioning:
    """Return the partitioning of the store at ``url``; that of ``otherwise`` where it was never started. Raises
    StoreUnavailable."""
    with store_errors(), connect_blocking(url) as client:
        return _read(client.get(names.identity_partitions()) or str(otherwise).encode())


def _pinned(client: Redis, partitions: int, wall: Callable[[], float]) -> Partitioning:
    while True:
        text = cast(bytes, client.get(names.identity_partitions()))
        stored = _read(text)
        if partitions < stored.partitions:
            why = f"the store has {stored.partitions}, and partitions cannot be taken away; came {partitions}"
            raise InvalidConfig("settings", "partitions", why)
        grown = stored.grown(partitions)
        if grown == stored:
            return stored
        crashpoint("partitions.before_record")
        if _script(client, "add_partitions")(keys=[names.identity_partitions()], args=[text, _grown(text, partitions, wall())]):
            crashpoint("partitions.after_record")
            logger.warning("partitions_added", before=stored.partitions, now=grown.partitions)
            return grown


def _tell_partitions(client: Redis, stored: Partitioning) -> None:
    """Let each partition refuse the writers of before, and give new ones what serves. Raises InvalidConfig for a store whose note
    of its partitions is older than its partitions, as a restore of parts leaves it."""
    fence = _script(client, "fence_partition")
    for partition in range(stored.partitions):
        added = fence(keys=[names.border(partition)], args=[stored.number])
        if added != stored.number:
            why = f"partition {partition} knows that partitions were added {added} times, the store {stored.number} times"
            raise InvalidConfig("settings", "partitions", why)
        crashpoint("partitions.after_fence")
    for task, pointer in cast(dict[bytes, bytes], client.hgetall(names.serving(0))).items():
        for partition in range(stored.counts[0], stored.partitions):
            client.hsetnx(names.serving(partition), task, pointer)  # the approval shard publishes newer ones


def _read(text: bytes) -> Partitioning:
    """A store that was never changed notes its number alone."""
    noted = json.loads(text)
    return Partitioning((noted,) if isinstance(noted, int) else tuple(each["partitions"] for each in noted))


def _grown(text: bytes, partitions: int, now: float) -> str:
    noted = json.loads(text)
    before = [{"partitions": noted}] if isinstance(noted, int) else noted
    return json.dumps([*before, {"partitions": partitions, "at": now}])


def _script(client: Redis, name: str) -> Any:
    return client.register_script(files(__package__).joinpath("lua", f"{name}.lua").read_text())
