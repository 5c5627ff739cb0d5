"""People's answers and traffic counts, read incrementally from the journals and the intake.

Both come from durable streams with cursors, so that every replica and every restart arrives at the same figures. Memory grows
with the cases that samplers drew, with the answers of people and with the number of parts that are counted, not with the rest of
the traffic.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import Depends, Request

from hitl.canonical import JsonObject, fingerprint
from hitl.errors import InvalidInput
from hitl.ids import partition_of
from hitl.intake import Intake, StoredCase
from hitl.intake.segments import range_of
from hitl.machine.shards import Shards, review_shard
from hitl.quality.answers import KnownAnswer, SettledReview, answer_of
from hitl.quality.checks import BlindCheck, answered_check, drawn_check
from hitl.quality.left_out import LeftOut, lazy_reviews, left_out_of
from hitl.quality.report import Grouped
from hitl.quality.traffic import Groups, Traffic, groups_of
from hitl.review import KnownAnswers, ReopenedCases, SettledLabels
from hitl.tasks import TaskSpec

PAGE = 1000
READ = 2000
"""Cases a read of the intake: a page of them takes tens of milliseconds to decode."""


@dataclass(slots=True)
class _Answers:
    """``newest`` by review id: a later row of the same review replaces the earlier one."""

    cursors: dict[int, int] = field(default_factory=dict)
    newest: dict[str, SettledReview] = field(default_factory=dict)


@dataclass(slots=True)
class _Checks:
    """``drawn`` by case id; ``joined`` with the answers as of ``state``: what was read of both when they were. ``left_out`` are
    answers that are no evidence, by review id."""

    drawn: dict[str, BlindCheck] = field(default_factory=dict)
    joined: list[BlindCheck] = field(default_factory=list)
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    state: tuple[Any, ...] = ()


@dataclass(slots=True)
class _Known:
    cursors: dict[int, int] = field(default_factory=dict)
    answers: list[KnownAnswer] = field(default_factory=list)


class TaskEvidence:
    """Answers and traffic by task. ``shown`` gives a case's input as readers may see it; without it nothing is counted by
    declared group."""

    def __init__(
        self,
        tasks: Mapping[str, TaskSpec],
        shards: Shards,
        intakes: Sequence[Intake],
        shown: Callable[[StoredCase], bytes] | None = None,
    ) -> None:
        self._tasks, self._shards, self._intakes, self._shown = tasks, shards, intakes, shown
        self._answers: dict[str, _Answers] = {name: _Answers() for name in tasks}
        self._traffic: dict[str, Traffic] = {name: Traffic() for name in tasks}
        self._groups: dict[str, Groups] = {}
        self._seen = [0] * len(intakes)
        self._known: dict[str, _Known] = {name: _Known() for name in tasks}
        self._checks: dict[str, _Checks] = {name: _Checks() for name in tasks}
        self._reading = asyncio.Lock()

    async def answers(self, task: str) -> list[SettledReview]:
        """The settled answers of ``task``, of each case the newest review's, in order of time. Raises Unavailable while a shard
        recovers."""
        async with self._reading:
            known = self._answers[task]
            for partition in range(len(self._intakes)):
                await self._read_answers(task, known, partition)
        ordered = sorted(known.newest.values(), key=lambda each: (each.at, each.case_id))
        return list({each.case_id: each for each in ordered}.values())

    async def checks(self, task: str) -> list[BlindCheck]:
        """Return every case of ``task`` that a sampler drew, answered or not, in the order in which the cases came. One that
        people look at again is unanswered until they have. Raises Unavailable while a shard recovers, or StoreUnavailable."""
        await self.traffic(task)  # first: an answer to a case that is not known yet would be lost until the next look
        reopened: set[str] = set()
        async with self._reading:
            known = self._answers[task]
            for partition in range(len(self._intakes)):
                reopened |= set((await self._shards.ask(review_shard(partition), ReopenedCases(task))).case_ids)
                await self._read_answers(task, known, partition)
                if self._leaves_out(task):
                    await self._read_known(task, self._known[task], partition)
            return self._joined(task, frozenset(reopened))

    async def left_out(self, task: str) -> dict[str, LeftOut]:
        """Return the answers to checks that are no evidence because nobody looked, by review id; none where the task counts
        them. Raises as ``checks`` does."""
        await self.checks(task)
        return self._checks[task].left_out

    def _leaves_out(self, task: str) -> bool:
        return self._tasks[task].review.lazy_answers == "left_out"

    def _joined(self, task: str, reopened: frozenset[str]) -> list[BlindCheck]:
        known, checks = self._answers[task], self._checks[task]
        state = (len(checks.drawn), tuple(sorted(known.cursors.items())), reopened, len(self._known[task].answers))
        if state != checks.state:
            lazy = lazy_reviews(known.newest.values(), self._known[task].answers) if self._leaves_out(task) else {}
            reviews: dict[str, list[SettledReview]] = {}
            for each in sorted(known.newest.values(), key=lambda each: (each.at, each.review_id)):
                if each.case_id in checks.drawn:
                    reviews.setdefault(each.case_id, []).append(each)
            ordered = sorted(checks.drawn.values(), key=lambda each: (each.at, each.case_id))
            answered = {name: each for name, each in reviews.items() if name not in reopened}
            checks.joined = [answered_check(each, answered.get(each.case_id, ()), lazy) for each in ordered]
            waiting = {each.case_id for each in checks.joined if each.wrong is None}
            checks.left_out = left_out_of(reviews, lazy, waiting)
            checks.state = state
        return checks.joined

    async def known(self, task: str) -> list[KnownAnswer]:
        """Return every answer of ``task`` to a case that came back to test people. Raises Unavailable while a shard recovers."""
        async with self._reading:
            known = self._known[task]
            for partition in range(len(self._intakes)):
                await self._read_known(task, known, partition)
        return list(known.answers)

    async def traffic(self, task: str) -> Traffic:
        """The counts of ``task`` until now. Raises StoreUnavailable."""
        async with self._reading:
            for partition, intake in enumerate(self._intakes):
                await self._read_traffic(partition, intake)
        return self._traffic[task]

    async def find(self, case_id: str) -> StoredCase | None:
        """Find the case as it is stored. Raises StoreUnavailable."""
        return await self._intakes[partition_of(case_id, len(self._intakes))].find(case_id)

    def grouped(self, answers: Sequence[SettledReview]) -> list[Grouped]:
        """The answers with the declared groups of their cases, as far as the traffic was read."""
        return [Grouped(each, self._groups.get(each.case_id, ())) for each in answers]

    def groups_of_cases(self) -> Mapping[str, Groups]:
        """Return the declared groups of the cases that people see, as far as the traffic was read."""
        return self._groups

    @property
    def archive_gaps(self) -> list[str]:
        """The runs of archived cases, as ``<partition>:<first>-<last>``, that were passed over because they are lost."""
        gaps = [(number, name) for number, intake in enumerate(self._intakes) for name in intake.lost]
        return [f"{number}:{first}-{last}" for number, (first, last) in ((number, range_of(name)) for number, name in gaps)]

    def deleted_days(self, task: str) -> list[str]:
        """The UTC days of which the task's retention deleted cases before they were read here: no figure has them."""
        return sorted({day for intake in self._intakes for day, of_task in intake.deleted if of_task == task})

    def cursors(self, task: str) -> dict[str, int]:
        """The position up to which each shard's answers were read."""
        return {review_shard(partition): at for partition, at in sorted(self._answers[task].cursors.items())}

    async def _read_answers(self, task: str, known: _Answers, partition: int) -> None:
        within = self._tasks[task].answer.right_within
        while True:
            after = known.cursors.get(partition, 0)
            page = await self._shards.ask(review_shard(partition), SettledLabels(task, after, PAGE))
            for row in page.labelled:
                before = known.newest.get(row.review_id)
                amended = before.labels_given if before is not None and row.amends else ()
                known.newest[row.review_id] = replace(answer_of(row), amended=amended, right_within=within)
            known.cursors[partition] = page.next
            if len(page.labelled) < PAGE:
                return

    async def _read_known(self, task: str, known: _Known, partition: int) -> None:
        while True:
            page = await self._shards.ask(review_shard(partition), KnownAnswers(task, known.cursors.get(partition, 0), PAGE))
            rows = [row for row in page.answers if not row.is_expert]
            known.answers += [KnownAnswer(row.reviewer, row.label, row.truth, row.suggested, row.at) for row in rows]
            known.cursors[partition] = page.next
            if len(page.answers) < PAGE:
                return

    async def _read_traffic(self, partition: int, intake: Intake) -> None:
        while cases := await intake.cases(self._seen[partition], READ):
            for case in cases:
                self._count(case)
            self._seen[partition] = cases[-1].seq

    def _count(self, case: StoredCase) -> None:
        spec = self._tasks.get(case.record.task)
        if spec is None:
            return
        if case.record.streams:
            check = drawn_check(case.record, _content_of(spec, case), spec.answer.right_within)
            self._checks[spec.task].drawn[check.case_id] = check
        groups = self._traffic[spec.task].count(case.record, self._groups_of(spec, case))
        if groups and case.record.is_for_people:
            self._groups[case.record.case_id] = groups

    def _groups_of(self, spec: TaskSpec, case: StoredCase) -> dict[str, str]:
        if not spec.groups or self._shown is None:
            return {}
        payload: JsonObject = json.loads(self._shown(case))
        places = (payload.get("metadata"), payload.get("features"))
        return groups_of(spec.groups, *(place for place in places if isinstance(place, dict)))


def _content_of(spec: TaskSpec, case: StoredCase) -> str:
    """Equal for equal inputs; empty where inputs are sealed, which are not opened for that, and for an input without features."""
    if spec.is_sealed:
        return ""
    features = json.loads(case.payload).get("features")
    if not features:
        return ""
    return fingerprint(_read(spec, features) if spec.input.files is not None else features)


def _read(spec: TaskSpec, features: JsonObject) -> object:
    """Return the content of the files that ``features`` name: each upload has a handle of its own."""
    try:
        return spec.input.parse_vector(features)
    except InvalidInput:  # of a task whose input is another by now
        return features


def evidence_of(request: Request) -> TaskEvidence:
    found: TaskEvidence = request.app.state.evidence
    return found


EvidenceOf = Annotated[TaskEvidence, Depends(evidence_of)]
