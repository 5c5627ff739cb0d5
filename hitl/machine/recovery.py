"""From what is stored to a replica that may go on: the newest snapshot that proves itself, the entries behind it, the anchor."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from hitl.errors import JournalRegressed, SnapshotDamaged
from hitl.journal.entry import Effect
from hitl.journal.ports import Journal
from hitl.machine.machine import Machine, State
from hitl.machine.replay import Replica, replay
from hitl.machine.snapshot import Snapshot, Snapshots, pins_of, restored, unpack

See = Callable[[int, Effect[Any]], None]
Complain = Callable[[SnapshotDamaged], None]

log = logging.getLogger(__name__)

_recovering = 0
"""How many recoveries of this process are under way: those of an actor's shards overlap."""
_collects = True
"""Whether this process searched for garbage before them."""
_has_frozen = False
"""Whether this process has set the objects of a recovery aside from searches for garbage."""


class Anchor(Protocol):
    """The end of a shard's journal as it was noted outside the store."""

    async def read(self) -> tuple[int, str] | None:
        """Read the seq and the hash that were noted last. Raises StoreUnavailable."""

    async def write(self, seq: int, head: str) -> None:
        """Note them, whole or not at all. Raises StoreUnavailable."""


class EndProof(Protocol):
    """What proves that the end of a journal was written by who may."""

    async def check_end(self, shard: str, journal: Journal, end: int) -> None:
        """Raises EntryForged, InvalidConfig, StoreUnavailable."""


def complain(damage: SnapshotDamaged) -> None:
    log.error("%s", damage)


@dataclass(frozen=True, slots=True)
class Past:
    """What is kept of a shard outside its journal; without snapshots every recovery replays from the first entry.
    ``complain`` is told of damaged snapshots, ``proof`` sees the journal's end."""

    snapshots: Snapshots | None = None
    anchor: Anchor | None = None
    complain: Complain = complain
    proof: EndProof | None = None


NOTHING_KEPT = Past()


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles while millions of objects are made that all stay: it would take a third of the time. Nor among them
    afterwards: the first search would walk all of them. That only once a process: what is set aside again and again would hold
    all garbage of the time between."""
    global _recovering, _collects, _has_frozen
    if not _recovering:
        _collects = gc.isenabled()
    _recovering += 1
    gc.disable()
    try:
        yield
    finally:
        _recovering -= 1
        if not _recovering and _collects:
            if not _has_frozen:
                gc.freeze()
                _has_frozen = True
            gc.enable()


async def recover(machine: Machine[State], shard: str, journal: Journal, see: See, past: Past = NOTHING_KEPT) -> Replica[State]:
    """The replica at the end of ``journal``, from the newest snapshot that is whole; ``see`` gets what a snapshot pins and
    the effect of every entry behind it. A damaged snapshot is complained of, and the older one is taken.

    Raises ChainBroken, EntryForged, StoreUnavailable, and JournalRegressed where journal and anchor, or snapshot, disagree.
    """
    noted = await past.anchor.read() if past.anchor else None
    replica = Replica(machine)
    with uncollected():
        if past.snapshots is not None:
            await _start_from(past.snapshots, replica, shard, journal, see, past.complain)
        await replay(replica, shard, journal, see)
    if noted is not None:
        await _check(shard, journal, *noted, end=replica.seq)
    if past.proof is not None:
        await past.proof.check_end(shard, journal, replica.seq)
    return replica


async def _start_from(
    snapshots: Snapshots, replica: Replica[State], shard: str, journal: Journal, see: See, complain: Complain
) -> None:
    """Put ``replica`` where the newest whole snapshot stands, if there is one."""
    snapshot = await _newest(shard, replica, snapshots, complain)
    if snapshot is not None:
        await _check(shard, journal, snapshot.seq, snapshot.hash)
        for seq, effect in pins_of(snapshot, replica.codec):
            see(seq, effect)


async def _newest(shard: str, replica: Replica[State], snapshots: Snapshots, complain: Complain) -> Snapshot | None:
    """Return the newest snapshot that is whole and of this shape of state; ``replica`` stands there. Reads in threads."""
    for seq in await snapshots.seqs():
        try:
            snapshot = await asyncio.to_thread(unpack, shard, seq, await snapshots.read(seq))
            if snapshot is not None and await asyncio.to_thread(restored, snapshot, replica):
                return snapshot
        except SnapshotDamaged as damage:
            complain(damage)
    return None


async def _check(shard: str, journal: Journal, seq: int, head: str, end: int | None = None) -> None:
    """Raises JournalRegressed unless the journal has entry ``seq`` with hash ``head``."""
    found = await journal.read(seq - 1, 1) if seq else []
    if seq and [(entry.seq, entry.hash) for entry in found] != [(seq, head)]:
        raise JournalRegressed(shard, seq, await _end(journal) if end is None else end)


async def _end(journal: Journal) -> int:
    """Return the seq of the last entry: found by halving, since a journal is read by position."""
    low, high = 0, 1
    while await journal.read(high - 1, 1):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if await journal.read(middle - 1, 1) else (low, middle)
    return low
