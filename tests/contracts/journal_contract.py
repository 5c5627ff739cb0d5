"""What every journal must do. Inherit, and give a ``journal`` fixture and a second writer's view of it as ``rival``."""

import asyncio

import pytest

from hitl.errors import ChainBroken, Fenced, SequenceConflict
from hitl.journal import GENESIS, Entry, Journal, follow
from hitl.journal.verify import verify


def chain(count: int, after: Entry | None = None) -> list[Entry]:
    entries = [after] if after else []
    for _ in range(count):
        last = entries[-1] if entries else Entry(0, b"", GENESIS)
        entries.append(follow(last.hash, last.seq + 1, b'{"n":%d,"word":"\xc3\xa9"}' % (last.seq + 1)))
    return entries[-count:]


class JournalContract:
    async def test_what_is_appended_is_read_in_order(self, journal: Journal) -> None:
        entries = chain(5)
        await journal.append(await journal.open_epoch(), 0, entries)
        assert await journal.read(0, 10) == entries
        assert await journal.read(2, 2) == entries[2:4]
        assert await journal.read(5, 10) == []

    async def test_a_later_epoch_fences_the_earlier_one(self, journal: Journal, rival: Journal) -> None:
        old = await journal.open_epoch()
        new = await rival.open_epoch()
        with pytest.raises(Fenced) as fenced:
            await journal.append(old, 0, chain(1))
        assert (fenced.value.epoch, fenced.value.current) == (old, new)
        assert await rival.read(0, 10) == []

    async def test_every_epoch_is_greater(self, journal: Journal, rival: Journal) -> None:
        epochs = [await j.open_epoch() for j in (journal, rival, journal)]
        assert epochs == sorted(set(epochs))

    @pytest.mark.parametrize("expected", [0, 1, 3])
    async def test_a_wrong_position_writes_nothing(self, journal: Journal, expected: int) -> None:
        epoch, entries = await journal.open_epoch(), chain(2)
        await journal.append(epoch, 0, entries)
        with pytest.raises(SequenceConflict) as conflict:
            await journal.append(epoch, expected, chain(2, entries[-1]))
        assert (conflict.value.expected, conflict.value.actual) == (expected, 2)
        assert await journal.read(0, 10) == entries

    async def test_a_repeated_append_is_refused(self, journal: Journal) -> None:
        epoch = await journal.open_epoch()
        await journal.append(epoch, 0, chain(1))
        with pytest.raises(SequenceConflict):
            await journal.append(epoch, 0, chain(1))

    async def test_an_empty_append_checks_and_writes_nothing(self, journal: Journal, rival: Journal) -> None:
        epoch = await journal.open_epoch()
        await journal.append(epoch, 0, [])
        await rival.open_epoch()
        with pytest.raises(Fenced):
            await journal.append(epoch, 0, [])
        assert await journal.read(0, 10) == []

    async def test_of_racing_appends_one_wins(self, journal: Journal, rival: Journal) -> None:
        epoch = await journal.open_epoch()
        racers = [j.append(epoch, 0, chain(3)) for j in (journal, rival) * 4]
        results = await asyncio.gather(*racers, return_exceptions=True)
        assert sorted(type(r).__name__ for r in results) == ["NoneType"] + ["SequenceConflict"] * 7
        assert len(await journal.read(0, 10)) == 3

    async def test_a_long_history_verifies(self, journal: Journal) -> None:
        epoch, entries = await journal.open_epoch(), chain(2500)
        for start in range(0, 2500, 500):
            await journal.append(epoch, start, entries[start : start + 500])
        assert await verify("s", journal) == (2500, entries[-1].hash)

    @pytest.mark.parametrize("wrong", [Entry(3, b"{}", "0" * 64), Entry(3, b'{"n":4}', chain(3)[2].hash)])
    async def test_a_changed_entry_is_found(self, journal: Journal, wrong: Entry) -> None:
        await journal.append(await journal.open_epoch(), 0, [*chain(2), wrong])
        with pytest.raises(ChainBroken) as broken:
            await verify("s", journal)
        assert broken.value.seq == 3

    async def test_an_empty_history_verifies(self, journal: Journal) -> None:
        assert await verify("s", journal) == (0, GENESIS)
