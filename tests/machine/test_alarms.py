"""Alarms on two clocks: the latest setting of a key counts."""

import pytest

from hitl.machine import Alarm
from hitl.machine.alarms import Alarms
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
