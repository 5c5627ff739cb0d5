"""What may look on while a shard works: projections, metrics, logs. A watcher must not fail and must not block."""

from collections.abc import Iterable
from typing import Protocol

from hitl.journal.entry import Commit


class Watcher(Protocol):
    def committed(self, seq: int, commit: Commit) -> None:
        """``commit`` stands in the journal at ``seq``. After a recovery every commit comes again, from the first."""

    def appended(self, entries: int, seconds: float) -> None:
        """One append of ``entries`` entries took ``seconds``; not called for what is replayed."""


class Watchers:
    """Several watchers as one."""

    def __init__(self, watchers: Iterable[Watcher]) -> None:
        self._watchers = tuple(watchers)

    def committed(self, seq: int, commit: Commit) -> None:
        for watcher in self._watchers:
            watcher.committed(seq, commit)

    def appended(self, entries: int, seconds: float) -> None:
        for watcher in self._watchers:
            watcher.appended(entries, seconds)
