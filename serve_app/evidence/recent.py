"""Figures of long tasks that are being computed anew: whoever asks meanwhile gets the ones before, and is told their age."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

PATIENCE_S = 0.05
"""How long a question waits for new figures while older ones are at hand."""
OLDEST_S = 3600.0
"""Older figures are no answer: the question waits for new ones."""
RESTS = 4.0
"""Times as long as a computation took, before it is done again while its answer is young enough: it takes a fifth of the time."""
MOST = 64
"""Answers that are kept, the newest ones."""


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """An answer, and how old it was when it was given, in seconds since its computation began: 0 for the question that it was
    computed for."""

    value: T
    age_s: float


@dataclass(frozen=True, slots=True)
class _Run:
    """A computation that goes on since ``began``: what it reads may be as old as that."""

    task: "asyncio.Task[Any]"
    began: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """``value`` as of ``at``; it is computed again from ``again_at`` on."""

    value: Any
    at: float
    again_at: float


class RecentFigures:
    """The newest answers by what was asked. Each is computed once at a time, and ends although nobody waits for it any more."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[Hashable, _Kept] = {}
        self._running: dict[Hashable, _Run] = {}

    async def get(self, asked: Hashable, compute: Callable[[], Awaitable[T]], oldest_s: float = OLDEST_S) -> Told[T]:
        """Return what ``compute`` gives, or what it gave within the last ``oldest_s`` seconds where it takes longer than
        PATIENCE_S. Raises what ``compute`` raises."""
        kept, now = self._kept.get(asked), self._monotonic()
        if kept is not None and now - kept.at <= oldest_s and now < kept.again_at:
            return Told(kept.value, now - kept.at)
        joined = self._running.get(asked)
        run = joined or self._begin(asked, compute, now)
        if kept is not None and now - kept.at <= oldest_s:
            done, _ = await asyncio.wait({run.task}, timeout=PATIENCE_S)
            if not done:
                return Told(kept.value, now - kept.at)
        value = await asyncio.shield(run.task)
        return Told(value, self._monotonic() - run.began if joined else 0.0)

    def _begin(self, asked: Hashable, compute: Callable[[], Awaitable[Any]], began: float) -> _Run:
        run = self._running[asked] = _Run(asyncio.ensure_future(self._compute(asked, compute, began)), began)
        run.task.add_done_callback(lambda done: self._ended(asked, done))
        return run

    async def _compute(self, asked: Hashable, compute: Callable[[], Awaitable[T]], began: float) -> T:
        value = await compute()
        self._kept.pop(asked, None)
        ended = self._monotonic()
        self._kept[asked] = _Kept(value, began, ended + RESTS * (ended - began))
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return value

    def _ended(self, asked: Hashable, done: "asyncio.Task[Any]") -> None:
        del self._running[asked]
        if not done.cancelled():
            done.exception()  # whoever waited has it; nobody else has to know
