"""The memory of what was answered, so that a repeated command gets its first answer and has no second effect."""

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hitl.canonical import canonical
from hitl.errors import IdempotencyConflict
from hitl.journal.entry import Commit

MAX_ANSWERS = 200_000
"""About 200 MB at a kilobyte an answer."""

KEEP_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class _Answer:
    fingerprint: str
    answer: bytes
    at: float


class Ledger:
    """The answers of the newest commands: at most ``max_answers``, none older than ``keep_s`` against the newest."""

    def __init__(self, max_answers: int = MAX_ANSWERS, keep_s: float = KEEP_S) -> None:
        self._max_answers, self._keep_s = max_answers, keep_s
        self._answers: OrderedDict[str, _Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def recall(self, command_id: str, fingerprint: str) -> dict[str, Any] | None:
        """The answer that was given, or None for a new command. Raises IdempotencyConflict."""
        known = self._answers.get(command_id)
        if known is None:
            return None
        if known.fingerprint != fingerprint:
            raise IdempotencyConflict(command_id)
        answer: dict[str, Any] = json.loads(known.answer)
        return answer

    def record(self, commit: Commit, answer: bytes | None = None) -> None:
        """Remember the answer of ``commit``, whose canonical bytes may be known, and forget what is over the bounds."""
        kept = canonical(commit.answer) if answer is None else answer
        self._answers[commit.command_id] = _Answer(commit.fingerprint, kept, commit.at)
        while len(self._answers) > self._max_answers or self._oldest_at() < commit.at - self._keep_s:
            self._answers.popitem(last=False)

    def to_rows(self) -> list[list[Any]]:
        """What is remembered as JSON, oldest first: command id, fingerprint, answer, time."""
        return [[command_id, each.fingerprint, json.loads(each.answer), each.at] for command_id, each in self._answers.items()]

    def restore(self, rows: Iterable[list[Any]]) -> None:
        """Remember what ``to_rows`` told."""
        for command_id, fingerprint, answer, at in rows:
            self._answers[command_id] = _Answer(fingerprint, canonical(answer), at)

    def _oldest_at(self) -> float:
        return next(iter(self._answers.values())).at
