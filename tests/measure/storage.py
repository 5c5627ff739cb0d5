"""What a queue costs as it grows, and a recovery as history does, to build/bench/storage.json."""

import argparse
import asyncio
import gc
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress, TaskID, TimeElapsedColumn

from hitl.adapters.valkey.archiver import PAGE
from hitl.canonical import digest_of
from hitl.journal import GENESIS, Commit, Entry, follow
from hitl.journal.memory import MemoryJournal
from hitl.machine import Past
from hitl.machine.recovery import recover
from hitl.machine.snapshot import pack
from hitl.review import Archivable, ArchiveCases, Claim, Decide, MakeFinal, OpenReview
from hitl.review.state import ReviewState
from tests.fakes.archive import MemorySnapshots
from tests.fakes.reviews import machine, record
from tests.fakes.shell import START
from tests.running import ROOT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
OPERATIONS, ROUNDS = 500, 5
"""Reviews opened, claimed, answered and made final in each round; the median round counts."""

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
RECOVERIES = 3
"""The median counts."""

KEPT = 20_000
ARCHIVE_EVERY = 5_000
"""Entries after which settled cases beyond KEPT leave the memory of a history's shard."""

EVENTS, TAIL_SHARE = 100_000, 10
"""The tail behind the snapshot is a tenth of the shorter history, in both."""
FILE = ROOT / "build" / "bench" / "storage.json"
STEPS = ("open", "claim", "decide", "final")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="open reviews of the longest queue")
    parser.add_argument("--events", type=int, default=EVENTS, help="of the shorter of two histories")
    given = parser.parse_args()
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        sizes = [size for size in SIZES if size <= given.largest]
        report: dict[str, Any] = {"queue": queue_costs(sizes, bars.add_task("reviews that wait", total=sizes[-1]), bars)}
        first, last = report["queue"][0], report["queue"][-1]
        report["ratio"] = {step: round(last[f"{step}_us"] / first[f"{step}_us"], 2) for step in (*STEPS, "all")}
        _write(report)
        bar = bars.add_task("events of the longer history", total=2 * given.events)
        report["recovery"] = asyncio.run(recovery_costs(given.events, lambda done: bars.update(bar, completed=done)))
    _write(report)
    Console().print_json(FILE.read_text())


def _write(report: dict[str, Any]) -> None:
    """Seconds of the processor, not of the clock: the machine may do other work."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    machine = {"cpus": os.cpu_count(), "load": os.getloadavg()[0]}
    FILE.write_text(json.dumps({**report, "machine": machine}, indent=2, sort_keys=True) + "\n")


def queue_costs(sizes: list[int], bar: TaskID, bars: Progress) -> list[dict[str, Any]]:
    """Microseconds of each step, decided and evolved, with so many reviews open, and the bytes of memory for each."""
    state, open_now, rows, empty = machine().initial(), 0, [], _memory()
    for size in sizes:
        _fill(state, open_now, size)
        open_now = size
        bars.update(bar, completed=size)
        gc.collect()
        held = (_memory() - empty) // size
        rounds = [_round(state, f"{size}-{each}") for each in range(ROUNDS)]
        row = {f"{step}_us": round(median(one[step] for one in rounds), 1) for step in STEPS}
        rows.append(
            {"open": size, "bytes_per_open": held, **row, "all_us": round(median(sum(one.values()) for one in rounds), 1)}
        )
    return rows


def _memory() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def _fill(state: ReviewState, already: int, size: int) -> None:
    """Each event is decoded from bytes of its own, as in a replay: nothing is shared by accident."""
    shard = machine()
    (event,) = shard.decide(shard.initial(), OpenReview(record("c0"), 1), START).events
    for number in range(already, size):
        case_id = f"c{number}"
        own = replace(event, case_id=case_id, review_id=f"{case_id}-1", position=number + 1)
        commit = Commit(START, 1, "ann", "r", "OpenReview", case_id, "f", {}, [own])
        for read in shard.events.read(commit.encode()).events:
            shard.evolve(state, read, START)


def _round(state: ReviewState, name: str) -> dict[str, float]:
    """Microseconds a review. As many are decided as come: the queue keeps its size."""
    shard, spent = machine(), dict.fromkeys(STEPS, 0.0)

    def do(step: str, command: Any) -> Any:
        started = time.process_time()
        outcome = shard.decide(state, command, START)
        for event in outcome.events:
            shard.evolve(state, event, START)
            list(shard.alarms(state, event))
        spent[step] += time.process_time() - started
        return outcome.answer

    for each in range(OPERATIONS):
        reviewer = f"reviewer-{each % 50}"
        do("open", OpenReview(record(f"{name}-{each}"), 2_000_000 + state.cursor))
        review = do("claim", Claim("digits", reviewer)).review
        do("decide", Decide(review.review_id, review.lease.id, reviewer, "1"))
        outcome = state.reviews[review.review_id].outcome
        do("final", MakeFinal(review.review_id, outcome.final_at if outcome else START))
    return {step: seconds / OPERATIONS * 1e6 for step, seconds in spent.items()}


async def recovery_costs(shorter: int, tell: Callable[[int], None]) -> list[dict[str, Any]]:
    """Seconds until a shard stands again after so many events: from the first entry, and from a snapshot with a tail."""
    rows, entries = [], _entries(2 * shorter, tell)
    for events in (shorter, 2 * shorter):
        journal, snapshots = await _history(entries[:events], shorter // TAIL_SHARE)
        gc.collect()
        row = {"replay_s": await _seconds(journal, None), "snapshot_s": await _seconds(journal, snapshots)}
        (size,) = map(len, snapshots.files.values())
        rows.append({"events": events, **row, "snapshot_bytes": size})
    return rows


async def _seconds(journal: MemoryJournal, snapshots: MemorySnapshots | None) -> float:
    """The median of RECOVERIES. Nothing is searched for garbage: a process sets what its first recovery makes aside, and has no
    second one."""
    spent = []
    gc.disable()
    for _ in range(RECOVERIES):
        started = time.process_time()
        replica = await recover(machine(), "s", journal, lambda seq, effect: None, Past(snapshots))
        spent.append(time.process_time() - started)
        del replica  # what it takes to let go of it is not part of it
    gc.enable()
    return round(median(spent), 2)


async def _history(entries: list[Entry], tail: int) -> tuple[MemoryJournal, MemorySnapshots]:
    """A journal of ``entries`` with a snapshot ``tail`` before its end."""
    before, whole, files = MemoryJournal(), MemoryJournal(), MemorySnapshots()
    await before.append(await before.open_epoch(), 0, entries[:-tail])
    await whole.append(await whole.open_epoch(), 0, entries)
    replica = await recover(machine(), "s", before, lambda seq, effect: None)
    files.files[replica.seq] = pack("s", replica, {})
    return whole, files


def _entries(events: int, tell: Callable[[int], None]) -> list[Entry]:
    """A history of reviews that were opened, claimed and decided, and of settled cases that left."""
    shard, entries = machine(), list[Entry]()
    state = shard.initial()

    def do(command: Any) -> Any:
        outcome, number = shard.decide(state, command, START), len(entries) + 1
        name = f"c{number}"
        commit = Commit(START, 1, "ann", name, type(command).__name__, name, "f", outcome.answer, outcome.events)
        entries.append(follow(entries[-1].hash if entries else GENESIS, number, commit.encode()))
        for event in outcome.events:
            shard.evolve(state, event, START)
        return outcome.answer

    while len(entries) < events:
        do(OpenReview(record(f"case{len(entries)}"), len(entries) + 1))
        review = do(Claim("digits", f"ann{len(entries) % 50}")).review
        do(Decide(review.review_id, review.lease.id, review.lease.reviewer, "1"))
        if len(entries) % ARCHIVE_EVERY < len(STEPS) - 1:
            tell(len(entries))
            while found := shard.query(state, Archivable(KEPT, 0.0, PAGE), START).cases:
                do(ArchiveCases(tuple((case_id, digest_of(text.encode())) for case_id, text in found)))
    tell(events)
    return entries[:events]


if __name__ == "__main__":
    main()
