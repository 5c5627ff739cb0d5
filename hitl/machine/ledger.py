"""The memory of what was answered, so that a repeated command gets its first answer and has no second effect.

The answers themselves stay where they are: in their entries of the journal.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

from hitl.errors import IdempotencyConflict
from hitl.journal.entry import Commit, Effect

MAX_ANSWERS = 200_000
"""About 80 MB: 400 bytes for each."""

KEEP_S = 7 * 86_400.0


class _Answered(NamedTuple):
    fingerprint: str
    seq: int
    at: float


class Ledger:
    """Where the newest commands were answered: at most ``max_answers``, none older than ``keep_s`` against the newest."""

    def __init__(self, max_answers: int = MAX_ANSWERS, keep_s: float = KEEP_S) -> None:
        self._max_answers, self._keep_s = max_answers, keep_s
        self._answered: OrderedDict[str, _Answered] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answered)

    def recall(self, command_id: str, fingerprint: str) -> int | None:
        """Return the seq of the entry with the answer that was given, or None for a new command. Raises IdempotencyConflict."""
        known = self._answered.get(command_id)
        if known is None:
            return None
        if known.fingerprint != fingerprint:
            raise IdempotencyConflict(command_id)
        return known.seq

    def record(self, seq: int, commit: Commit | Effect[Any]) -> None:
        """Remember that entry ``seq`` is ``commit``, and forget what is over the bounds."""
        answered, oldest_at = self._answered, commit.at - self._keep_s
        answered[commit.command_id] = _Answered(commit.fingerprint, seq, commit.at)
        while len(answered) > self._max_answers or next(iter(answered.values())).at < oldest_at:
            answered.popitem(last=False)

    def to_rows(self) -> list[list[Any]]:
        """Return what is remembered as JSON, oldest first: command id, fingerprint, seq, time."""
        return [[command_id, *each] for command_id, each in self._answered.items()]

    def restore(self, rows: Iterable[list[Any]]) -> None:
        """Remember what ``to_rows`` told."""
        for command_id, fingerprint, seq, at in rows:
            self._answered[command_id] = _Answered(fingerprint, seq, at)
