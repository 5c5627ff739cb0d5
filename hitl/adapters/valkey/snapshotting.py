"""``python -m hitl.adapters.valkey.snapshotting``: make one snapshot of one shard from its journal, beside its actor.

The actor starts it and goes on: nothing of its commands waits for the writing, and what is written does not rest on the
actor's memory. A snapshot counts once it was read back. Two are kept; entries below the older one move to the
archive and leave the store.
"""

import asyncio
import gc
import importlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hitl.adapters.files.archive import ArchivedEntries, SnapshotFiles
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import HitlError, SnapshotDamaged
from hitl.journal.entry import GENESIS, Commit, Effect
from hitl.journal.verify import verified
from hitl.machine import Machine, Past
from hitl.machine.recovery import complain, recover
from hitl.machine.replay import Replica
from hitl.machine.snapshot import pack, restored, unpack
from hitl.serving.events import ServingChanged

KEEP = 2
SEGMENT = 10_000
"""Entries of one archive file: about a megabyte, compressed."""

NICENESS = 10


@dataclass(frozen=True, slots=True)
class SnapshotPlan:
    """``machine`` is ``module:name`` of what makes the machine without arguments."""

    shard: str
    machine: str
    redis_url: str
    archive_uri: str

    def make_machine(self) -> Machine[Any]:
        module, _, name = self.machine.partition(":")
        machine: Machine[Any] = getattr(importlib.import_module(module), name)()
        return machine


@dataclass(frozen=True, slots=True)
class Made:
    """``seq`` of the newest snapshot, the last archived entry, and how many left the store; ``damaged`` are snapshots that
    did not open, and were removed."""

    seq: int
    archived_to: int
    trimmed: int
    damaged: list[int]


class Pins:
    """The commits that watchers must see again: the newest serving event of each task."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, Effect[Any]]] = {}

    def see(self, seq: int, effect: Effect[Any]) -> None:
        for event in effect.events:
            if isinstance(event, ServingChanged):
                self._newest[event.task] = (seq, effect)

    def commits(self) -> dict[int, Commit]:
        return {seq: effect.commit() for seq, effect in self._newest.values()}


async def make(plan: SnapshotPlan) -> Made:
    """Bring the shard's snapshots, archive and stream up to date. May be repeated, and run twice at once.
    Raises ChainBroken, JournalRegressed, SnapshotDamaged, StoreUnavailable."""
    client = connect(plan.redis_url)
    try:
        stream, archive = ValkeyJournal(client, plan.shard), ArchivedEntries(plan.archive_uri, plan.shard)
        files = SnapshotFiles(plan.archive_uri, plan.shard)
        damaged = await _snapshot(plan, ArchivedJournal(stream, archive), files)
        kept = await _remove_old(files, damaged)
        archived_to = await _archive(plan.shard, stream, archive, kept[-1]) if len(kept) == KEEP else 0
        trimmed = await stream.trim(archived_to) if archived_to else 0
        return Made(kept[0] if kept else 0, archived_to, trimmed, damaged)
    finally:
        await client.aclose()


async def _snapshot(plan: SnapshotPlan, journal: ArchivedJournal, files: SnapshotFiles) -> list[int]:
    """Write a snapshot of the journal's end, where there is none; the seqs of those that turned out damaged."""
    damaged: list[int] = []

    def note(damage: SnapshotDamaged) -> None:
        complain(damage)
        damaged.append(damage.seq)

    pins, machine = Pins(), plan.make_machine()
    replica = await recover(machine, plan.shard, journal, pins.see, Past(files, complain=note))
    there = [seq for seq in await files.seqs() if seq not in damaged]
    if replica.seq and replica.seq not in there:
        data = pack(plan.shard, replica, pins.commits())
        seq = replica.seq
        del replica  # another one is read back, and two of a long queue need not be in memory
        await files.write(seq, data)
        await _check_written(plan.shard, seq, data, Replica(machine), pins, files)
    return damaged


async def _check_written(shard: str, seq: int, written: bytes, found: Replica[Any], pins: Pins, files: SnapshotFiles) -> None:
    """Raise SnapshotDamaged unless what is read back into ``found`` is packed as what was ``written``. One of another state is
    removed, since it looks whole; one that cannot be read is noted by the next recovery."""
    snapshot = unpack(shard, seq, await files.read(seq))
    if snapshot is None or not restored(snapshot, found) or pack(shard, found, pins.commits()) != written:
        await files.remove(seq)
        raise SnapshotDamaged(shard, seq, "what was read back is another state")


async def _remove_old(files: SnapshotFiles, damaged: Sequence[int]) -> list[int]:
    """Remove all but the newest KEEP undamaged snapshots; those that stay, newest first."""
    seqs = await files.seqs()
    kept = [seq for seq in seqs if seq not in damaged][:KEEP]
    for seq in seqs:
        if seq not in kept:
            await files.remove(seq)
    return kept


async def _archive(shard: str, stream: ValkeyJournal, archive: ArchivedEntries, up_to: int) -> int:
    """Copy what stands below ``up_to``, itself included, to the archive, each link checked; the last one that is there."""
    seq, head = await archive.end() or (0, GENESIS)
    segment: list[Any] = []
    async for entry in verified(shard, stream, seq, head):
        if entry.seq > up_to:
            break
        segment.append(entry)
        seq = entry.seq
        if len(segment) == SEGMENT:
            await archive.add(segment)
            segment = []
    if segment:
        await archive.add(segment)
    return seq


def main() -> None:
    """Reads the plan from standard input, prints what was made."""
    os.nice(NICENESS)
    gc.disable()  # nearly all that is made stays until the end: a search for cycles would walk it again and again
    plan = SnapshotPlan(**json.load(sys.stdin))
    try:
        sys.stdout.write(json.dumps(asdict(asyncio.run(make(plan)))))
    except HitlError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
