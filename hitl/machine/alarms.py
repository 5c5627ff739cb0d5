"""The alarms of one shard: a heap for each clock, where a moved alarm is noticed when its old time comes."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from hitl.machine.machine import Alarm, AlarmOver


@dataclass(slots=True)
class _Set:
    """An alarm that waits; ``due`` moves, its heap entry does not."""

    serial: int
    command: Any
    due: float
    clock: "_Clock"


@dataclass(slots=True)
class _Clock:
    now: Callable[[], float]
    heap: list[tuple[float, int, str]] = field(default_factory=list)


FEWEST_STALE = 1_000
"""Entries of alarms that wait no more are taken from the heaps once there are more than this, and more than others."""


class Alarms:
    """``wall`` tells UTC seconds, ``monotonic`` never jumps. Setting costs O(log n), ending and extending O(1) on the average.
    What is held grows with the alarms that wait, not with those that were set."""

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._wall, self._monotonic = _Clock(wall), _Clock(monotonic)
        self._set: dict[str, _Set] = {}
        self._serial = 0

    def set(self, alarm: Alarm) -> None:
        """Wait for ``alarm``, in place of an earlier one with its key."""
        clock = self._wall if alarm.after_s is None else self._monotonic
        due = alarm.at if alarm.after_s is None else clock.now() + alarm.after_s
        if due is None:
            raise ValueError(f"alarm {alarm.key} has no time")
        self._serial += 1
        self._set[alarm.key] = _Set(self._serial, alarm.command, due, clock)
        heapq.heappush(clock.heap, (due, self._serial, alarm.key))
        self._drop_stale()

    def follow(self, alarm: Alarm | AlarmOver) -> None:
        """Set it, or end it."""
        if isinstance(alarm, Alarm):
            self.set(alarm)
        else:
            self.end(alarm.key)

    def end(self, key: str) -> None:
        """Let alarm ``key`` never ring, if it waits."""
        if self._set.pop(key, None) is not None:
            self._drop_stale()

    def __len__(self) -> int:
        """How many entries the heaps hold, of alarms that wait and of others."""
        return len(self._monotonic.heap) + len(self._wall.heap)

    def extend(self, key: str, after_s: float) -> bool:
        """Let alarm ``key`` ring no earlier than ``after_s`` from now; False when none with that key waits."""
        waiting = self._set.get(key)
        if waiting is None or waiting.clock is not self._monotonic:
            return False
        waiting.due = max(waiting.due, self._monotonic.now() + after_s)
        return True

    def take_due(self, limit: int) -> list[tuple[str, Any]]:
        """Take up to ``limit`` alarms whose time has come, as (key, command); they wait no more."""
        rung: list[tuple[str, Any]] = []
        for clock in (self._monotonic, self._wall):
            while len(rung) < limit and clock.heap and clock.heap[0][0] <= clock.now():
                rung.extend(self._ring(clock))
        return rung

    def next_in_s(self) -> float:
        """Seconds to the next alarm that may ring; inf without any, 0 or less when one is due."""
        return min((clock.heap[0][0] - clock.now() for clock in (self._monotonic, self._wall) if clock.heap), default=inf)

    def _ring(self, clock: _Clock) -> list[tuple[str, Any]]:
        _, serial, key = heapq.heappop(clock.heap)
        waiting = self._set.get(key)
        if waiting is None or waiting.serial != serial:
            return []
        if waiting.due > clock.now():
            heapq.heappush(clock.heap, (waiting.due, serial, key))
            return []
        del self._set[key]
        return [(key, waiting.command)]

    def _drop_stale(self) -> None:
        if len(self) <= 2 * len(self._set) + FEWEST_STALE:
            return
        for clock in (self._monotonic, self._wall):
            clock.heap = [(each.due, each.serial, key) for key, each in self._set.items() if each.clock is clock]
            heapq.heapify(clock.heap)
