"""People's answers and traffic counts as a projection of the journals and the intake, entry by entry.

Both come from durable streams with cursors, so that every replica and every restart arrives at the same figures. What was derived
stands in a file of this machine (hitl.adapters.files.evidence_file), where it may stand on disk, which the processes of the
machine share: a start goes on where the last one ended. Memory grows with the number of parts that are counted, not with cases;
of checks and answers it keeps short lists alone (serve_app.evidence.sharing).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from hitl.adapters.files.evidence_file import DELETED, DELETION, CaseGroups, CountedCase, EvidenceFile, drop_evidence
from hitl.adapters.files.projection import Reached
from hitl.adapters.files.traffic_rows import TrafficRows
from hitl.approval.definitions import DefinitionReader, read_definitions_until
from hitl.blobs.names import end_of_day
from hitl.errors import StoreUnavailable
from hitl.intake import Intake, RoutedRow, StoredCase
from hitl.intake.partitioned import part_of
from hitl.intake.segments import range_of
from hitl.machine.shards import Shards, review_shard
from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.check_columns import CheckColumns
from hitl.quality.checks import BlindCheck, drawn_check
from hitl.quality.left_out import LeftOut
from hitl.quality.period import Period
from hitl.quality.remembering import RememberedFigures
from hitl.quality.report import figures_of_day
from hitl.quality.reviewers import Person, people_of
from hitl.quality.traffic import DAY_S, Groups, Traffic
from hitl.quality.vote_columns import VotedCases, voted_cases_of
from hitl.review import ReopenedCases
from hitl.tasks import TaskSpec
from serve_app.evidence.contents import content_of, groups_in
from serve_app.evidence.definition import definition_of, is_labelled, may_stand_on_disk, parts_of
from serve_app.evidence.joined_columns import columns_of_rows, joined_columns
from serve_app.evidence.joining import JoinedChecks, all_tests, joined_checks, newest_answers, unless_reopened
from serve_app.evidence.reading import read_answers, read_known
from serve_app.evidence.recent import OLDEST_S, RecentFigures, Told
from serve_app.evidence.sharing import LONG, SharedRows, Sharing
from serve_app.evidence.sources import CASES, LABELS, misfit, proof_of_case, source_of
from serve_app.evidence.threads import finish_in_thread

T = TypeVar("T")

READ = 2000
"""Cases a read of the intake: a page of them takes tens of milliseconds to decode."""
LOST = "lost"
"""The kind of notes of archived cases that were passed over."""
DELETIONS_EVERY_S = 60.0
"""Between two looks for deleted cases: they go once a day, and the keeper looks every ten minutes."""


class TaskEvidence:
    """Answers and traffic by task. ``shown`` gives a case's input as readers may see it; without it nothing is counted by
    declared group. ``definitions`` brings ``tasks`` up to date before newer cases are counted; None: they stay as they are. The
    projection stands in ``folder``; None: in memory, as it does where a sealed task declares groups, whose values must not lie
    open."""

    def __init__(
        self,
        tasks: Mapping[str, TaskSpec],
        shards: Shards,
        intakes: Sequence[Intake],
        shown: Callable[[StoredCase], bytes] | None = None,
        folder: Path | None = None,
        definitions: DefinitionReader | None = None,
    ) -> None:
        self._tasks, self._shards, self._intakes, self._shown, self._folder = tasks, shards, intakes, shown, folder
        self._definitions = definitions
        self._reading = asyncio.Lock()
        self._defined: tuple[TaskSpec, ...] = ()
        self._definition = ""
        self._opened: EvidenceFile | None = None
        self._look_at = 0.0
        self._answers = Sharing[SharedRows[SettledReview]]()
        self._checks = Sharing[JoinedChecks]()
        self._columns, self._parts = Sharing[CheckColumns](), Sharing[CheckColumns]()
        self._known = Sharing[SharedRows[KnownAnswer]]()
        self._counts: dict[str, tuple[Hashable, Traffic]] = {}
        self._lengths: dict[str, int] = {}
        self._recent = RecentFigures()
        self.days = RememberedFigures(figures_of_day)

    @property
    def _file(self) -> EvidenceFile:
        assert self._opened is not None, "a question opens the file first"
        return self._opened

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.file.close()
            self._opened = None

    async def answers(self, task: str) -> Sequence[SettledReview]:
        """The settled answers of ``task``, of each case the newest review's, in order of time. Raises Unavailable while a shard
        recovers."""

        def load(file: EvidenceFile) -> Awaitable[SharedRows[SettledReview]]:
            return self._answers.get(task, file.changes(task), lambda: newest_answers(file, task))

        return await self._loaded(load, task)

    async def columns(self, task: str, period: Period | None = None, part: str | None = None) -> AnswerColumns:
        """Return what figures read of the settled answers of ``task``, of each case the newest review's, in order of time: of a
        ``part`` of them or of the whole, to the cases that came for people in the ``period``, or to all. Raises Unavailable while
        a shard recovers."""
        found = await self._loaded(lambda file: asyncio.to_thread(file.columns, task, period, part), task)
        self._lengths[task] = max(self._lengths.get(task, 0), len(found))
        return found

    async def people(self, task: str, period: Period | None = None) -> dict[str, Person]:
        """Return what is known of each person by the answers and tests of the ``period``, or of all time. Raises as ``columns``
        does."""
        if is_labelled(self._tasks[task]):
            return await self._loaded(lambda file: asyncio.to_thread(file.people, task, period), task)
        answers, known = await self.answers(task), await self.known(task)
        if period is not None:
            answers, known = period.answers(answers), [each for each in known if period.since <= each.at < period.until]
        return await asyncio.to_thread(people_of, answers, known)

    async def voted(self, task: str, period: Period | None = None) -> Sequence[VotedCases]:
        """Return the cases that several people answered, of those that came for people in the ``period``, or of all. Raises as
        ``columns`` does."""
        if is_labelled(self._tasks[task]):
            return await self._loaded(lambda file: asyncio.to_thread(file.voted, task, period), task)
        answers = await self.answers(task)
        return await asyncio.to_thread(voted_cases_of, answers if period is None else period.answers(answers))

    async def checks(self, task: str, cases: Collection[str] | None = None) -> Sequence[BlindCheck]:
        """Return every case of ``task`` that a sampler drew, answered or not, in the order in which the cases came: those of the
        ``cases``, or all. One that people look at again is unanswered until they have. Raises Unavailable while a shard recovers,
        or StoreUnavailable."""
        if cases is None or self._leaves_out(task):
            found = await self._joined(task)
            return found if cases is None else [each for each in found if each.case_id in cases]
        reopened = await self._reopened(task)
        some = await self._loaded(lambda file: asyncio.to_thread(file.checks, task, cases), task)
        return unless_reopened(some, reopened)

    async def check_columns(self, task: str, of_parts: bool = False) -> CheckColumns:
        """Return what certificates and alarms read of the ``checks``, or of each part of them. Raises as ``checks`` does."""
        if self._leaves_out(task):
            rows = await self._joined(task)
            return await asyncio.to_thread(columns_of_rows, rows, of_parts)
        reopened = await self._reopened(task)

        def load(file: EvidenceFile) -> Awaitable[CheckColumns]:
            state, columns = (file.changes(task), frozenset(reopened)), self._parts if of_parts else self._columns
            return columns.get(task, state, lambda: joined_columns(file, task, reopened, of_parts))

        return await self._loaded(load, task)

    async def left_out(self, task: str) -> Mapping[str, LeftOut]:
        """Return the answers to checks that are no evidence because nobody looked, by review id; none where the task counts
        them. Raises as ``checks`` does."""
        return (await self._joined(task)).left_out

    async def known(self, task: str) -> Sequence[KnownAnswer]:
        """Return every answer of ``task`` to a case that came back to test people. Raises Unavailable while a shard recovers."""
        return await self._loaded(lambda file: self._known.get(task, file.changes(task), lambda: all_tests(file, task)), task)

    async def traffic(self, task: str) -> Traffic:
        """The counts of ``task`` until now. Raises StoreUnavailable."""
        async with self._reading:
            await self._ready()
            while not await self._read_all_traffic():
                await self._ready()
            if time.monotonic() >= self._look_at:
                await self._take_deletions()
                self._look_at = time.monotonic() + DELETIONS_EVERY_S
            state = (self._file.file.era, *(each.position for each in self._file.traffic))
            known = self._counts.get(task)
            if known is None or known[0] != state:
                known = self._counts[task] = (state, self._file.counts(task))
            return known[1]

    async def figures(
        self, asked: tuple[Hashable, ...], task: str, compute: Callable[[], Awaitable[T]], oldest_s: float = OLDEST_S
    ) -> Told[T]:
        """Return what ``compute`` makes of the evidence of ``task``: up to ``oldest_s`` old where that has many rows."""
        lists = (self._answers, self._checks, self._columns, self._parts)
        if max(self._lengths.get(task, 0), *(each.length(task) for each in lists)) <= LONG:
            return Told(await compute(), 0.0)
        return await self._recent.get((*asked, task), compute, oldest_s)

    async def find(self, case_id: str) -> StoredCase | None:
        """Find the case as it is stored. Raises StoreUnavailable."""
        return await part_of(self._intakes, case_id).find(case_id)

    def groups_of_cases(self) -> Mapping[str, Groups]:
        """Return the declared groups of the cases that people see, as far as the traffic was read."""
        return CaseGroups(self._file)

    @property
    def archive_gaps(self) -> list[str]:
        """The runs of archived cases, as ``<partition>:<first>-<last>``, that were passed over because they are lost."""
        return sorted({*self._notes(LOST), *self._gaps()})

    def deleted_days(self, task: str) -> list[str]:
        """The UTC days of which the task's retention deleted cases before they were read here: no figure has them."""
        noted = [name.partition("/") for name in (*self._notes(DELETED), *self._deleted())]
        return sorted({day for day, _, of_task in noted if of_task == task})

    def cursors(self, task: str) -> dict[str, int]:
        """The position up to which each shard's answers were read."""
        sources = {review_shard(number): source_of(LABELS, number, task) for number in range(len(self._intakes))}
        return {shard: self._file.file.reached(source).position for shard, source in sources.items()}

    async def _joined(self, task: str) -> JoinedChecks:
        reopened = await self._reopened(task)

        def load(file: EvidenceFile) -> Awaitable[JoinedChecks]:
            state = (file.changes(task), frozenset(reopened))
            return self._checks.get(task, state, lambda: joined_checks(file, task, reopened, self._leaves_out(task)))

        return await self._loaded(load, task)

    async def _reopened(self, task: str) -> set[str]:
        """Read the cases of ``task`` until now; those that people look at again."""
        await self.traffic(task)
        found = set[str]()
        for partition in range(len(self._intakes)):
            found.update((await self._shards.ask(review_shard(partition), ReopenedCases(task))).case_ids)
        return found

    def _leaves_out(self, task: str) -> bool:
        return self._tasks[task].review.lazy_answers == "left_out"

    async def _loaded(self, load: Callable[[EvidenceFile], Awaitable[T]], task: str) -> T:
        """Return what ``load`` makes of the file that has all of ``task``, while others go on with it. Where it was closed
        meanwhile, because tasks are defined otherwise, it is loaded from the next one."""
        while True:
            file = await self._read(task)
            try:
                return await load(file)
            except StoreUnavailable:
                if file is self._opened:
                    raise

    async def _read(self, task: str) -> EvidenceFile:
        """Read all answers and tests that there are of ``task``; the file that has them."""
        async with self._reading:
            await self._ready()
            for partition in range(len(self._intakes)):
                await read_answers(self._file, self._shards, self._tasks[task], partition)
                await read_known(self._file, self._shards, task, partition)
            return self._file

    async def _ready(self) -> None:
        """Open the file, and another one once tasks are defined otherwise."""
        now = tuple(self._tasks.values())
        if self._opened is not None and self._is_defined_so():
            return
        definition = definition_of(self._tasks)
        if self._opened is None or definition != self._definition:
            opened = await asyncio.to_thread(self._open, definition)
            try:
                await self._prove(opened)
            except BaseException:
                opened.file.close()
                raise
            before, self._opened = self._opened, opened
            self._definition, self._look_at = definition, 0.0
            for each in (self._answers, self._checks, self._columns, self._parts, self._known, self._counts):
                each.clear()
            if before is not None:
                await asyncio.to_thread(before.file.close)
        self._defined = now

    def _is_defined_so(self) -> bool:
        now = tuple(self._tasks.values())
        return len(now) == len(self._defined) and all(one is other for one, other in zip(now, self._defined, strict=True))

    def _open(self, definition: str) -> EvidenceFile:
        parts = {name: parts_of(spec) for name, spec in self._tasks.items()}
        labelled = {name for name, spec in self._tasks.items() if is_labelled(spec)}
        folder = self._folder if may_stand_on_disk(self._tasks.values()) else None
        if self._folder is not None and folder is None:
            drop_evidence(self._folder, "a task seals values that it may hold")
        return EvidenceFile(folder, definition, len(self._intakes), parts, labelled)

    async def _prove(self, opened: EvidenceFile) -> None:
        """Clear a file that does not fit the streams, and prepare one that has nothing."""
        why = await misfit(opened.file.all_reached(), self._shards, self._intakes)
        if why is None and opened.notes(LOST):
            why = "cases were passed over because they were lost; perhaps they are back"
        if why is not None:
            await asyncio.to_thread(opened.clear, why)
        if not opened.file.all_reached():  # whoever begins now passes over what was deleted before
            for intake in self._intakes:
                opened.note(DELETION, [each.name for each in await intake.new_deletions(())])

    async def _read_all_traffic(self) -> bool:
        """Tell whether all was read; not where cases brought another definition, which the file that is open is not for."""
        for partition, intake in enumerate(self._intakes):
            if not await self._read_traffic(partition, intake):
                return False
        return True

    async def _read_traffic(self, partition: int, intake: Intake) -> bool:
        source, counts = source_of(CASES, partition), self._file.traffic[partition]
        while True:
            before = self._file.file.reached(source).position
            counts.refresh(before)
            rows = await intake.routed(before, READ)
            await self._know_definitions(rows)
            if not self._is_defined_so():
                return False
            self._note_gaps()
            if not rows:
                return True
            try:
                counted = [one for row in rows if (one := self._count(counts, row)) is not None]
            except BaseException:
                counts.forget()
                raise
            now = Reached(rows[-1].seq, proof_of_case(rows[-1].stored()))
            self._file.take_cases(partition, source, before, now, counted)

    async def _know_definitions(self, rows: Sequence[RoutedRow]) -> None:
        newest = dict(sorted({(row.case.task, row.case.generation) for row in rows}))
        for task, generation in newest.items():
            await read_definitions_until(self._definitions, self._tasks, task, generation)

    def _count(self, counts: TrafficRows, row: RoutedRow) -> CountedCase | None:
        """Count the case; what is kept of it beside the counts. The whole record is read for groups and checks alone."""
        case, spec = row.case, self._tasks.get(row.case.task)
        if spec is None:
            return None
        stored = row.stored() if spec.groups or case.streams else None
        if stored is None:
            counts.count(spec.task, row.seq, case, {})
            return None
        right_within = spec.answer.right_within
        check = drawn_check(stored.record, content_of(spec, stored), right_within) if case.streams else None
        groups = counts.count(spec.task, row.seq, case, groups_in(spec, stored, self._shown))
        return CountedCase(spec.task, case.case_id, groups if case.is_for_people else (), check)

    async def _take_deletions(self) -> None:
        """Let go of what was deleted, and count again what is left of its days."""
        known = set(self._file.notes(DELETION))
        for partition, intake in enumerate(self._intakes):
            found = await intake.new_deletions(known)
            days = {(each.task, int(end_of_day(each.day) // DAY_S) - 1) for each in found}
            left = {place: await self._left_of(partition, intake, *place) for place in days}
            if found:
                await finish_in_thread(self._file.take_deletions, partition, found, left)
                counts = self._file.traffic[partition]
                counts.refresh(self._file.file.reached(source_of(CASES, partition)).position)
        await finish_in_thread(self._file.settle)

    async def _left_of(self, partition: int, intake: Intake, task: str, day: int) -> Traffic:
        counts, spec = self._file.traffic[partition], self._tasks.get(task)
        found, span = Traffic(values=counts.of(task).values), counts.span_of(task, day)
        after, last = (0, 0) if span is None else (span[0] - 1, span[1])
        while spec is not None and after < last and (cases := await intake.cases(after, READ)):
            for case in cases:
                if case.record.task == task and case.record.at // DAY_S == day:
                    found.count(case.record, groups_in(spec, case, self._shown))
            after = cases[-1].seq
        return found

    def _notes(self, kind: str) -> list[str]:
        return [] if self._opened is None else self._opened.notes(kind)

    def _note_gaps(self) -> None:
        """Keep what readers passed over: who goes on from here does not meet it again."""
        for kind, names in ((LOST, self._gaps()), (DELETED, self._deleted())):
            if names and not names <= set(self._file.notes(kind)):
                self._file.note(kind, names)

    def _gaps(self) -> set[str]:
        gaps = [(number, *range_of(name)) for number, intake in enumerate(self._intakes) for name in intake.lost]
        return {f"{number}:{first}-{last}" for number, first, last in gaps}

    def _deleted(self) -> set[str]:
        return {f"{day}/{task}" for intake in self._intakes for day, task in intake.deleted}


def evidence_of(request: Request) -> TaskEvidence:
    found: TaskEvidence = request.app.state.evidence
    return found


EvidenceOf = Annotated[TaskEvidence, Depends(evidence_of)]
