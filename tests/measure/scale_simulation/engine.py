"""A discrete-event simulation: a clock, the cores of a machine, and processes with one thread that run on them."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

Action = Callable[[], None]
Duration = Callable[[], float]


class Clock:
    """Seconds from 0, and what happens when. ``rng`` is the only source of chance."""

    def __init__(self, seed: int) -> None:
        self.now, self.rng = 0.0, Random(seed)
        self._next: list[tuple[float, int, Action]] = []
        self._numbers = itertools.count()

    def after(self, delay_s: float, action: Action) -> None:
        heapq.heappush(self._next, (self.now + delay_s, next(self._numbers), action))

    def run(self, until_s: float) -> None:
        """Let everything happen up to that time."""
        while self._next and self._next[0][0] <= until_s:
            self.now, _, action = heapq.heappop(self._next)
            action()
        self.now = until_s


class Cores:
    """``count`` cores of one machine. Work that finds none free waits in order, and runs to its end once it has one: pieces are
    shorter than what an operating system gives at a time."""

    def __init__(self, clock: Clock, count: int) -> None:
        self.clock, self.count = clock, count
        self.busy_s, self._free = 0.0, count
        self._waiting: deque[tuple[float, Action]] = deque()

    def run(self, duration_s: float, done: Action) -> None:
        if self._free:
            self._begin(duration_s, done)
        else:
            self._waiting.append((duration_s, done))

    def _begin(self, duration_s: float, done: Action) -> None:
        self._free -= 1
        self.busy_s += duration_s
        self.clock.after(duration_s, lambda: self._end(done))

    def _end(self, done: Action) -> None:
        self._free += 1
        if self._waiting:
            self._begin(*self._waiting.popleft())
        done()


class Process:
    """A process with one thread on ``cores``: one piece of work at a time, in order of arrival. ``busy_s`` is what it ran and
    waited on its disk, not its wait for a core."""

    def __init__(self, role: str, cores: Cores) -> None:
        self.role, self.cores, self.busy_s = role, cores, 0.0
        self._waiting: deque[tuple[Duration, float, Action]] = deque()
        self._is_busy = False

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def do(self, duration: Duration, done: Action, then_s: float = 0.0) -> None:
        """Run for ``duration``, which is asked for at the beginning of the piece, and wait ``then_s`` without a core."""
        self._waiting.append((duration, then_s, done))
        if not self._is_busy:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._is_busy = False
            return
        self._is_busy = True
        duration, then_s, done = self._waiting.popleft()
        took_s = duration()
        self.busy_s += took_s + then_s
        self.cores.run(took_s, lambda: self._end(then_s, done))

    def _end(self, then_s: float, done: Action) -> None:
        if then_s:
            self.cores.clock.after(then_s, lambda: self._finish(done))
        else:
            self._finish(done)

    def _finish(self, done: Action) -> None:
        done()
        self._next()


@dataclass(slots=True)
class Bulk:
    """What waits for a process that takes all of it at once, as an event loop does: sums of ``weights``, and whom to tell."""

    process: Process
    cost_s: Callable[[int, float], float]
    then_s: float = 0.0
    _waiting: list[tuple[float, Action]] = field(default_factory=list)
    _is_asked: bool = False

    def add(self, weight: float, done: Action) -> None:
        """``cost_s(pieces, weight)`` is what the process takes for all that waits when its turn comes."""
        self._waiting.append((weight, done))
        if not self._is_asked:
            self._is_asked = True
            self._ask()

    def _ask(self) -> None:
        taken: list[tuple[float, Action]] = []

        def begin() -> float:
            taken.extend(self._waiting)
            self._waiting.clear()
            self._is_asked = False
            return self.cost_s(len(taken), sum(weight for weight, _ in taken))

        def end() -> None:
            for _, done in taken:
                done()

        self.process.do(begin, end, self.then_s)


def varied(rng: Random, mean_s: float, stages: int) -> float:
    """Return a time with this mean as a sum of ``stages`` exponential ones (Erlang): 1 for an exponential time, 4 for one that
    varies by half of its mean, 0 for always the same."""
    if not stages:
        return mean_s
    product = 1.0
    for _ in range(stages):
        product *= 1.0 - rng.random()
    return -math.log(product) * mean_s / stages
