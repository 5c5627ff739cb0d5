"""A history of any length whose rows are made when they are asked for, so that what a reader holds is its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from hitl.canonical import canonical
from hitl.ids import case_id
from hitl.intake import CaseRecord, RoutedCase, StoredCase
from hitl.intake.deletions import DeletedRun, Deletion, with_runs
from hitl.quality.traffic import DAY_S
from hitl.review import KnownAnswers, ReopenedCases, SettledLabels
from hitl.review.views import KnownAnswersPage, LabelledPage, LabelledRow, OpenAgain
from hitl.review.views.reviews import ReviewAnswer
from hitl.routing.action import Priority
from hitl.routing.route import Action

STEP_S = 60.0
"""Between two cases: 200,000 of them are 139 days."""
REVIEWERS = 8


@dataclass(frozen=True)
class LongHistory:
    """``cases`` of ``task``, of which one in ``one_in`` is a blind check that one of eight people answered; the model errs in one
    of twenty of those. One in ``automatic_in`` of the checks is about an automatic decision; 0: none. ``template`` is what all
    records have in common."""

    task: str
    template: CaseRecord
    cases: int
    one_in: int = 10
    automatic_in: int = 0
    began: float = 1_700_000_000.0

    @property
    def labels(self) -> int:
        return self.cases // self.one_in

    def case(self, seq: int) -> StoredCase:
        """Return the case at position ``seq``, from 1."""
        record = replace(self.template, **self._fields(seq), streams=["gold"] if self._is_drawn(seq) else [])
        return StoredCase(seq, record, canonical({"features": [float(seq)], "metadata": {"ward": str(seq % 5)}}))

    def routed(self, seq: int) -> RoutedCase:
        """Return what is counted of the case at position ``seq``."""
        streams = ("gold",) if self._is_drawn(seq) else ()
        return msgspec.structs.replace(self._routed_template, **self._fields(seq), streams=streams)

    @cached_property
    def _routed_template(self) -> RoutedCase:
        return RoutedCase.decode(self.template.encode())

    def _fields(self, seq: int) -> dict[str, Any]:
        is_for_people = self._is_drawn(seq) and not self._is_automatic(seq)
        return {
            "case_id": case_id(b"long", "client", self.task, str(seq)),
            "at": self.began + seq * STEP_S,
            "action": (Action.REVIEW if is_for_people else Action.AUTOMATIC).value,
            "confidence": 0.5 + (seq * 7919 % 1000) / 2000,
        }

    def _is_drawn(self, seq: int) -> bool:
        return seq % self.one_in == 0

    def _is_automatic(self, seq: int) -> bool:
        return bool(self.automatic_in) and seq // self.one_in % self.automatic_in == 0

    def label(self, number: int) -> LabelledRow:
        """Return the settled answer number ``number``, from 1."""
        seq = number * self.one_in
        record, at = self.case(seq).record, self.began + seq * STEP_S + 60.0
        said = "4" if number % 20 == 0 else "3"
        answer = ReviewAnswer(f"reviewer-{number % REVIEWERS}", said, 0.9, "", at)
        return LabelledRow(
            case_id=record.case_id,
            review_id=f"{record.case_id}-1",
            purpose="gold",
            blind=True,
            streams=record.streams,
            prediction=record.prediction,
            probabilities=record.probabilities,
            confidence=record.confidence,
            segment=record.segment,
            model_version=record.model_version,
            policy_version=record.policy_version,
            gold_probability=record.gold_probability,
            audit_probability=0.0,
            is_automatic=self._is_automatic(seq),
            rules=[],
            opened_at=record.at,
            priority=Priority.NORMAL,
            due_at=record.at + 3600.0,
            answers=[answer],
            label=said,
            reviewers=[answer.reviewer],
            reviewer=answer.reviewer,
            at=at,
            amends=False,
            held_s=30.0,
            posterior=None,
        )


def day_deleted(history: LongHistory, number: int, keep_one_in: int) -> Deletion:
    """The deletion of the day ``number`` (from 1970, UTC), but of one case in ``keep_one_in``."""
    began, day = history.began, datetime.fromtimestamp(number * DAY_S, UTC).strftime("%Y-%m-%d")
    seqs = [seq for seq in range(1, history.cases + 1) if (began + seq * STEP_S) // DAY_S == number and seq % keep_one_in]
    people = [history.case(seq).record.case_id for seq in seqs if seq % history.one_in == 0]
    runs = with_runs((), [DeletedRun("g", seq, seq, 1, "") for seq in seqs])
    return Deletion(0, "segment", f"file of {day}", day, history.task, "", "", people, runs, None)


class LongRow(NamedTuple):
    """A hitl.intake.RoutedRow whose bytes nobody asks for."""

    seq: int
    case: RoutedCase
    history: LongHistory

    def stored(self) -> StoredCase:
        return self.history.case(self.seq)


@dataclass(slots=True)
class LongIntake:
    """The reading part of a hitl.intake.Intake of one partition."""

    history: LongHistory
    deletions: list[Deletion] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    deleted: dict[tuple[str, str], int] = field(default_factory=dict)

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]:
        left = (seq for seq in range(after_seq + 1, self.history.cases + 1) if not _is_gone(self.deletions, seq))
        return [self.history.case(seq) for seq in islice(left, limit)]

    async def routed(self, after_seq: int, limit: int) -> list[LongRow]:
        left = (seq for seq in range(after_seq + 1, self.history.cases + 1) if not _is_gone(self.deletions, seq))
        return [LongRow(seq, self.history.routed(seq), self.history) for seq in islice(left, limit)]

    async def new_deletions(self, known: Collection[str]) -> list[Deletion]:
        return [each for each in self.deletions if each.name not in known]


class LongShards:
    """hitl.machine.shards.Shards that answer what is read of the only review shard by ``history``, and ask ``others`` for the
    rest."""

    def __init__(self, history: LongHistory, others: Any = None) -> None:
        self.history, self._others = history, others
        self.deletions: list[Deletion] = []

    async def ask(self, shard: str, question: Any) -> Any:
        match question:
            case SettledLabels(task, after, limit):
                last = self.history.labels if task == self.history.task else 0
                numbers = [number for number in range(after + 1, last + 1) if not self._is_gone(number)][:limit]
                full = len(numbers) == limit
                return LabelledPage([self.history.label(number) for number in numbers], numbers[-1] if full else max(after, last))
            case KnownAnswers():
                return KnownAnswersPage([], question.after)
            case ReopenedCases():
                return OpenAgain([])
        return await self._others.ask(shard, question)

    def _is_gone(self, number: int) -> bool:
        return _is_gone(self.deletions, number * self.history.one_in)


def _is_gone(deletions: Sequence[Deletion], seq: int) -> bool:
    return any(each.has(seq) for each in deletions)
