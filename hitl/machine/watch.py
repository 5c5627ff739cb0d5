"""What may look on while a shard works: projections, metrics, logs. A watcher must not fail and must not block."""

from collections.abc import Iterable
from typing import Any, Protocol

from hitl.journal.entry import Effect


class Watcher(Protocol):
    def replayed(self, seq: int, effect: Effect[Any]) -> None:
        """``effect`` was found in the journal at ``seq``. In every recovery all of them come in order, from the first; or from
        a snapshot on, after those that it pins."""

    def committed(self, seq: int, effect: Effect[Any]) -> None:
        """``effect`` has just become durable at ``seq``."""

    def appended(self, entries: int, seconds: float) -> None:
        """One append of ``entries`` entries (0: only a check of the epoch) took ``seconds``."""


class Watchers:
    """Several watchers as one."""

    def __init__(self, watchers: Iterable[Watcher]) -> None:
        self._watchers = tuple(watchers)

    def replayed(self, seq: int, effect: Effect[Any]) -> None:
        for watcher in self._watchers:
            watcher.replayed(seq, effect)

    def committed(self, seq: int, effect: Effect[Any]) -> None:
        for watcher in self._watchers:
            watcher.committed(seq, effect)

    def appended(self, entries: int, seconds: float) -> None:
        for watcher in self._watchers:
            watcher.appended(entries, seconds)
