"""Time sends commands like anybody else: late is harmless, early never happens, a restart forgets none."""

from hitl.journal import Commit
from hitl.journal.memory import MemoryJournal
from tests.fakes.counter import Start, envelope
from tests.fakes.journals import TestClock, TroubledJournal
from tests.machine.running import running, turn, until


async def test_an_alarm_rings_when_its_time_has_come() -> None:
    clock = TestClock()
    async with running(journal := MemoryJournal(), wall=clock, monotonic=clock) as shard:
        await shard.submit(envelope(Start("a", after_s=10), "1"))
        clock.now += 9.9
        await turn(shard)
        assert (await shard.plain())["state"]["running"] == ["a"]
        clock.now += 0.2
        shard.look()
        await until(lambda: shard.seq == 2)
        commit = Commit.decode((await journal.read(1, 1))[0].body)
        assert (commit.by, commit.command, commit.at, commit.command_id) == ("time", "Stop", 1010.1, "a:1-1")


async def test_a_heartbeat_puts_the_alarm_off() -> None:
    clock = TestClock()
    async with running(MemoryJournal(), wall=clock, monotonic=clock) as shard:
        await shard.submit(envelope(Start("a", after_s=10), "1"))
        clock.now += 9
        assert shard.extend("a", 10)
        clock.now += 9
        await turn(shard)
        assert (await shard.plain())["seq"] == 1
        clock.now += 2
        shard.look()
        await until(lambda: shard.seq == 2)
        assert not shard.extend("a", 10)


async def test_a_deadline_follows_the_wall_clock() -> None:
    wall, monotonic = TestClock(), TestClock()
    async with running(MemoryJournal(), wall=wall, monotonic=monotonic) as shard:
        await shard.submit(envelope(Start("a", at=2_000.0), "1"))
        monotonic.now += 5_000
        await turn(shard)
        assert (await shard.plain())["seq"] == 1
        wall.now = 2_000.0
        shard.look()
        await until(lambda: shard.seq == 2)


async def test_alarms_stand_again_after_a_restart_with_their_full_time() -> None:
    clock, journal = TestClock(), MemoryJournal()
    async with running(journal, wall=clock, monotonic=clock) as shard:
        await shard.submit(envelope(Start("a", after_s=10), "1"))
        clock.now += 9
    async with running(journal, wall=clock, monotonic=clock) as shard:
        clock.now += 9
        await turn(shard)
        assert (await shard.plain())["seq"] == 1
        clock.now += 2
        shard.look()
        await until(lambda: shard.seq == 2)


async def test_an_alarm_whose_append_failed_rings_again() -> None:
    clock, journal = TestClock(), TroubledJournal()
    async with running(journal, wall=clock, monotonic=clock) as shard:
        await shard.submit(envelope(Start("a", at=1_010.0), "1"))
        journal.fail_appends = 1
        clock.now += 11
        shard.look()
        await until(lambda: shard.seq == 2)
        assert (await shard.plain())["state"]["running"] == []


async def test_many_alarms_at_once_all_ring() -> None:
    clock = TestClock()
    async with running(MemoryJournal(), wall=clock, monotonic=clock) as shard:
        for i in range(600):
            shard.enqueue(envelope(Start(f"a{i}", after_s=5), str(i)))
        await until(lambda: shard.seq == 600)
        clock.now += 5
        shard.look()
        await until(lambda: shard.seq == 1200)
        assert (await shard.plain())["state"]["running"] == []
