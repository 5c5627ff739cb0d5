"""A shard comes back from its newest whole snapshot and what follows it, and never from less than was noted elsewhere."""

import gc
import gzip
import json
import weakref
from typing import Any

import pytest

from hitl.canonical import canonical, digest_of
from hitl.errors import JournalRegressed, SnapshotDamaged
from hitl.journal import Commit
from hitl.journal.memory import MemoryJournal
from hitl.machine import Past
from hitl.machine.proof import prove
from hitl.machine.recovery import recover, uncollected
from hitl.machine.replay import Replica
from hitl.machine.snapshot import pack, unpack
from tests.fakes.archive import MemoryAnchor, MemorySnapshots
from tests.fakes.counter import Add, CounterMachine, envelope
from tests.machine.running import running

Seen = list[int]


class OpenJournal(MemoryJournal):
    """What is read of it is known, and its end can be lost."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    async def read(self, after_seq: int, limit: int) -> list[Any]:
        self.asked.append(after_seq)
        return await super().read(after_seq, limit)

    def lose(self, entries: int) -> None:
        del self._entries[-entries:]


async def filled(journal: OpenJournal, count: int) -> OpenJournal:
    async with running(journal) as shard:
        for number in range(count):
            await shard.submit(envelope(Add(1), f"{shard.epoch}-{number}"))
    return journal


async def recovered(journal: MemoryJournal, past: Past = Past(), seen: Seen | None = None) -> Replica[Any]:  # noqa: B008 - frozen
    return await recover(CounterMachine(), "s", journal, lambda seq, _: (seen if seen is not None else []).append(seq), past)


async def snapshots_at(journal: MemoryJournal, *seqs: int) -> MemorySnapshots:
    whole = await journal.read(0, 1000)
    files = MemorySnapshots()
    for seq in seqs:
        part = MemoryJournal()
        await part.append(await part.open_epoch(), 0, whole[:seq])
        files.files[seq] = pack("s", await recovered(part), {1: Commit.decode(whole[0].body)})
    return files


async def test_the_state_is_that_of_the_whole_journal_though_only_the_tail_was_read() -> None:
    journal = await filled(OpenJournal(), 20)
    files, whole = await snapshots_at(journal, 10, 15), await recovered(journal)
    journal.asked, seen = [], Seen()
    found = await recovered(journal, Past(files), seen)
    assert (found.state, found.seq, found.head) == (whole.state, whole.seq, whole.head)
    assert found.ledger.to_plain() == whole.ledger.to_plain()
    assert min(journal.asked) == 14
    assert seen == [1, 16, 17, 18, 19, 20]


async def test_a_repeated_command_gets_its_answer_after_a_recovery_from_a_snapshot() -> None:
    journal = await filled(OpenJournal(), 3)
    async with running(journal, name="s", past=Past(await snapshots_at(journal, 3))) as shard:
        assert await shard.submit(envelope(Add(1), "1-0")) == {"total": 1}
        assert shard.seq == 3


@pytest.mark.parametrize("at", [0, 30, 60, 90, -3])
async def test_a_damaged_snapshot_is_told_of_and_the_older_one_is_taken(at: int) -> None:
    journal = await filled(OpenJournal(), 20)
    files, told = await snapshots_at(journal, 10, 15), list[SnapshotDamaged]()
    files.flip(15, at)
    journal.asked = []
    found = await recovered(journal, Past(files, complain=told.append))
    assert (found.state.total, [damage.seq for damage in told], min(journal.asked)) == (20, [15], 9)


async def test_with_every_snapshot_damaged_history_is_replayed() -> None:
    journal = await filled(OpenJournal(), 4)
    files, told = await snapshots_at(journal, 2, 3), list[SnapshotDamaged]()
    files.flip(2, 40)
    files.flip(3, 40)
    assert (await recovered(journal, Past(files, complain=told.append))).state.total == 4
    assert len(told) == 2


async def test_a_snapshot_of_another_shard_is_damaged() -> None:
    files = await snapshots_at(await filled(OpenJournal(), 2), 2)
    with pytest.raises(SnapshotDamaged):
        unpack("other", 2, files.files[2])


async def test_a_journal_that_ends_before_its_snapshot_is_not_served_from() -> None:
    journal = await filled(OpenJournal(), 20)
    files = await snapshots_at(journal, 15)
    journal.lose(8)
    with pytest.raises(JournalRegressed) as lost:
        await recovered(journal, Past(files))
    assert (lost.value.seq, lost.value.found) == (15, 12)


async def test_a_journal_that_ends_before_its_anchor_is_not_served_from() -> None:
    journal = await filled(OpenJournal(), 5)
    end = (await recovered(journal)).head
    assert (await recovered(journal, Past(anchor=MemoryAnchor((5, end))))).seq == 5
    journal.lose(1)
    with pytest.raises(JournalRegressed):
        await recovered(journal, Past(anchor=MemoryAnchor((5, end))))


async def test_another_history_of_the_same_length_is_not_served_from() -> None:
    first, second = await filled(OpenJournal(), 3), OpenJournal()
    await second.open_epoch()
    end = (await recovered(first)).head
    with pytest.raises(JournalRegressed):
        await recovered(await filled(second, 3), Past(anchor=MemoryAnchor((3, end))))


def test_garbage_is_searched_again_once_the_last_of_two_recoveries_is_over() -> None:
    first, second = uncollected(), uncollected()
    first.__enter__()
    second.__enter__()
    assert not gc.isenabled()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_process_that_recovers_again_and_again_keeps_no_garbage() -> None:
    with uncollected():
        pass
    kept = gc.get_freeze_count()
    for _ in range(3):
        with uncollected():
            cycle: list[object] = []
            cycle.append(cycle)
            left = Left(cycle)
            cycle.append(left)
            gone = weakref.ref(left)
            del cycle, left
    assert gc.get_freeze_count() == kept
    gc.collect()
    assert gone() is None


class Left:
    """In a cycle with what it holds."""

    def __init__(self, held: list[object]) -> None:
        self.held = held


@pytest.mark.parametrize("answers", [{}, [[1]], {"high": "AAAA"}])
async def test_a_snapshot_with_an_odd_ledger_is_damaged_though_its_digest_holds(answers: Any) -> None:
    journal = await filled(OpenJournal(), 20)
    files, told = await snapshots_at(journal, 10, 15), list[SnapshotDamaged]()
    files.files[15] = forged(files.files[15], answers)
    found = await recovered(journal, Past(files, complain=told.append))
    assert (found.state.total, [damage.seq for damage in told]) == (20, [15])
    with pytest.raises(SnapshotDamaged):
        await prove("s", CounterMachine(), journal, 15, files.files[15])


def forged(data: bytes, answers: Any) -> bytes:
    """The snapshot with other ``answers``, and the digest of that."""
    head, _, body = gzip.decompress(data).partition(b"\n")
    changed = canonical({**json.loads(body), "answers": answers})
    return gzip.compress(canonical({**json.loads(head), "digest": digest_of(changed)}) + b"\n" + changed)
