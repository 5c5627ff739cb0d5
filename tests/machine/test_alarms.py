"""Alarms on two clocks: the latest setting of a key counts."""

import pytest

from hitl.machine import Alarm, AlarmOver
from hitl.machine.alarms import FEWEST_STALE, Alarms
from tests.fakes.journals import TestClock


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def alarms(clock: TestClock) -> Alarms:
    return Alarms(clock, clock)


def test_alarms_ring_in_the_order_of_their_times(alarms: Alarms, clock: TestClock) -> None:
    for name, after_s in (("b", 2.0), ("a", 1.0), ("c", 3.0)):
        alarms.set(Alarm(name, name.upper(), after_s=after_s))
    clock.now += 2
    assert alarms.take_due(10) == [("a", "A"), ("b", "B")]
    assert alarms.next_in_s() == 1.0


def test_a_later_setting_replaces_the_earlier_one(alarms: Alarms, clock: TestClock) -> None:
    alarms.set(Alarm("a", "old", after_s=1))
    alarms.set(Alarm("a", "new", after_s=5))
    clock.now += 2
    assert alarms.take_due(10) == []
    clock.now += 4
    assert alarms.take_due(10) == [("a", "new")]


def test_an_extension_never_shortens(alarms: Alarms, clock: TestClock) -> None:
    alarms.set(Alarm("a", "A", after_s=10))
    assert alarms.extend("a", 1)
    clock.now += 5
    assert alarms.take_due(10) == []


def test_only_running_leases_can_be_extended(alarms: Alarms) -> None:
    alarms.set(Alarm("deadline", "D", at=2_000.0))
    assert not alarms.extend("deadline", 10)
    assert not alarms.extend("unknown", 10)


def test_no_more_than_asked_ring_at_once(alarms: Alarms, clock: TestClock) -> None:
    for i in range(5):
        alarms.set(Alarm(str(i), i, after_s=1))
    clock.now += 1
    assert [len(alarms.take_due(2)) for _ in range(4)] == [2, 2, 1, 0]


def test_an_alarm_that_is_over_never_rings_and_can_be_set_again(alarms: Alarms, clock: TestClock) -> None:
    for name in ("a", "b"):
        alarms.set(Alarm(name, name.upper(), after_s=1))
    alarms.follow(AlarmOver("a"))
    alarms.follow(AlarmOver("unknown"))
    assert not alarms.extend("a", 10)
    clock.now += 1
    assert alarms.take_due(10) == [("b", "B")]
    alarms.follow(Alarm("a", "again", after_s=1))
    clock.now += 1
    assert alarms.take_due(10) == [("a", "again")]


def test_what_is_held_grows_with_what_waits_and_not_with_what_was_set(alarms: Alarms, clock: TestClock) -> None:
    for number in range(20_000):
        alarms.set(Alarm(f"deadline {number}", "D", at=clock.now + 86_400 + number))
        alarms.set(Alarm(f"lease {number}", "L", after_s=300))
        if number >= 10:
            alarms.follow(AlarmOver(f"deadline {number}"))
            alarms.follow(AlarmOver(f"lease {number}"))
    assert len(alarms) <= 2 * 20 + FEWEST_STALE
    clock.now += 2 * 86_400
    rung = {key for key, _ in alarms.take_due(100)}
    assert rung == {f"{kind} {number}" for kind in ("deadline", "lease") for number in range(10)}


def test_an_extended_alarm_keeps_its_time_when_others_leave(alarms: Alarms, clock: TestClock) -> None:
    alarms.set(Alarm("long", "L", after_s=1))
    alarms.extend("long", 50)
    for number in range(2 * FEWEST_STALE):
        alarms.set(Alarm(f"{number}", "D", after_s=5))
        alarms.end(f"{number}")
    clock.now += 49
    assert alarms.take_due(10) == []
    clock.now += 1
    assert alarms.take_due(10) == [("long", "L")]
