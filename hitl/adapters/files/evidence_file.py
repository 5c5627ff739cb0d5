"""The evidence of all tasks in a file: counts of cases, checks that samplers drew, and what people answered.

Memory holds the counts and what repeats, and grows with the number of parts that are counted. Checks and answers stay in the file
and are read when somebody asks for them.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hitl.adapters.files.answer_days import AnswerDays, days_of
from hitl.adapters.files.check_days import CheckDays
from hitl.adapters.files.day_rows import DAY_ROWS_TABLES, DayRows, RowsDiffer
from hitl.adapters.files.evidence_rows import (
    ANSWERS,
    CHECKS,
    KNOWN,
    Names,
    StoredId,
    Values,
    pack,
    shown_content,
    shown_id,
    stored_content,
    stored_id,
)
from hitl.adapters.files.projection import Projection, Reached, Row, Write, begin_era, drop_files
from hitl.adapters.files.traffic_rows import TRAFFIC_TABLES, TrafficRows
from hitl.intake.deletions import Deletion
from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.check_columns import CheckColumns
from hitl.quality.checks import BlindCheck, answered_check
from hitl.quality.period import Period
from hitl.quality.reviewers import Person
from hitl.quality.traffic import Groups, Traffic
from hitl.quality.vote_columns import VotedCases

SCHEMA = f"""
{TRAFFIC_TABLES}
{DAY_ROWS_TABLES}
CREATE TABLE IF NOT EXISTS changes (task TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checks (
    task INTEGER, case_id, content BLOB, row BLOB, PRIMARY KEY (task, case_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    task INTEGER, case_id, review INTEGER, row BLOB, PRIMARY KEY (task, case_id, review)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (
    task INTEGER, partition INTEGER, number INTEGER, case_id, row BLOB, PRIMARY KEY (task, partition, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS groups (case_id PRIMARY KEY, kind INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
"""
_CHECKS = "SELECT case_id, content, row FROM checks WHERE task = ?"
_CHECK = f"{_CHECKS} AND case_id = ?"
_REVIEWS = "SELECT case_id, review, row FROM answers WHERE task = ? AND case_id = ?"
_TESTS = "SELECT row FROM known WHERE task = ? AND case_id = ?"
_GROUPS = "SELECT kind FROM groups WHERE case_id = ?"

NAME = "evidence"
DELETION, DELETED = "deletion", "deleted"
"""Kinds of notes: the names of the deletions that were taken, and the days of tasks of which cases went."""


class CountedCase(NamedTuple):
    """A counted case: its declared groups, none where nobody looks at it, and its check, None where no sampler drew it."""

    task: str
    case_id: str
    groups: Groups
    check: BlindCheck | None


class EvidenceFile:
    """That of ``partitions`` in ``folder``, as ``version`` defines it; None: in a file that ends with this object. ``parts`` and
    ``labelled`` as in AnswerDays.

    All methods block shortly, those that return all rows of a task for some microseconds a row, and raise StoreUnavailable."""

    def __init__(
        self,
        folder: Path | None,
        version: str,
        partitions: int,
        parts: Mapping[str, Sequence[str]],
        labelled: Collection[str],
    ) -> None:
        self.file = Projection(folder, NAME, version, SCHEMA)
        self._is_settled = False  # a process before this one may have ended between a deletion and the end of its log
        self._checks, self._answers, self._groups = Names(CHECKS.shared), Names(ANSWERS.shared), Names(Groups)
        self._tasks, self._days, self._check_days = Names(str), AnswerDays(self.file, parts, labelled), CheckDays(self.file)
        self.traffic = [TrafficRows(self.file, partition) for partition in range(partitions)]

    def changes(self, task: str) -> tuple[int, int]:
        """Return what differs whenever a check or an answer of ``task`` changed."""
        found = self.file.rows("SELECT number FROM changes WHERE task = ?", task)
        return self.file.era, int(found[0][0]) if found else 0

    def take_cases(self, partition: int, source: str, before: int, now: Reached, cases: Sequence[CountedCase]) -> bool:
        """Write the ``cases`` that ``traffic[partition]`` counted. False where another process was first, and nothing is
        written."""
        counts = self.traffic[partition]

        def write(connection: sqlite3.Connection) -> None:
            counts.write(connection, now.position)
            self._put_groups(connection, [each for each in cases if each.groups])
            drawn, days = [(each.task, each.check) for each in cases if each.check is not None], DayRows(connection)
            for task, check in drawn:
                self._put_check(connection, days, self._task(connection, task), check)
            days.write()
            _note_changes(connection, {task for task, _ in drawn})

        if self._advance(source, before, now, write):
            counts.written(now.position)
            return True
        return False

    def take_answers(
        self, task: str, source: str, before: int, now: Reached, answers: Sequence[tuple[SettledReview, bool]]
    ) -> bool:
        """Write settled answers in their order, True beside one that amends an earlier one of its review; False as
        ``take_cases``."""

        def write(connection: sqlite3.Connection) -> None:
            days = DayRows(connection)
            for answer, amends in answers:
                self._put_answer(connection, days, task, answer, amends)
            days.write()
            _note_changes(connection, {task} if answers else ())

        return self._advance(source, before, now, write)

    def take_known(
        self, task: str, partition: int, source: str, before: int, now: Reached, answers: Sequence[tuple[str, KnownAnswer]]
    ) -> bool:
        """Write answers to cases whose answer was known, each behind the case's id; False as ``take_cases``."""

        def write(connection: sqlite3.Connection) -> None:
            place = (self._task(connection, task), partition)
            last = "SELECT COALESCE(MAX(number), 0) FROM known WHERE task = ? AND partition = ?"
            (first,) = connection.execute(last, place).fetchone()
            found = [(stored_id(case_id), KNOWN.row(each)) for case_id, each in answers]
            rows = [(*place, number, *each) for number, each in enumerate(found, first + 1)]
            connection.executemany("INSERT INTO known VALUES (?, ?, ?, ?, ?)", rows)
            days = DayRows(connection)
            self._days.add_tests(connection, days, task, place[0], [each for _, each in answers])
            days.write()
            _note_changes(connection, {task} if answers else ())

        return self._advance(source, before, now, write)

    def checks(self, task: str, cases: Collection[str] | None = None) -> list[BlindCheck]:
        """Return the checks in order of arrival, as all reviews of their cases answer them: those of the ``cases``, or all."""
        rows = self._of_task(_CHECKS, task) if cases is None else self._of_cases(task, cases)
        return sorted((self._check(*row) for row in rows), key=lambda each: (each.at, each.case_id))

    def check_columns(self, task: str, of_parts: bool = False) -> CheckColumns:
        """Return what certificates read of the checks, or of each part of them, in order of arrival."""
        return self._check_days.columns(self._number(task), of_parts)

    def answers(self, task: str) -> list[SettledReview]:
        """Return the newest answer of each review, in order of time."""
        rows = self._of_task("SELECT case_id, review, row FROM answers WHERE task = ?", task)
        return sorted((self._answer(*row) for row in rows), key=lambda each: (each.at, each.case_id, each.review_id))

    def columns(self, task: str, period: Period | None = None, part: str | None = None) -> AnswerColumns:
        """Return the answers that stand, of each case the newest review's, to the cases that came for people in the period; of a
        ``part`` of them, or of the whole."""
        found = self._days.columns(self._number(task), days_of(period), part)
        return found if period is None else found.where((period.since <= found.opened_at) & (found.opened_at < period.until))

    def people(self, task: str, period: Period | None = None) -> dict[str, Person]:
        """Return what the answers and tests of a labelled task tell of each person."""
        return self._days.people(self._number(task), days_of(period), period)

    def voted(self, task: str, period: Period | None = None) -> list[VotedCases]:
        """Return the cases of a labelled task that several people answered."""
        return self._days.voted(self._number(task), days_of(period), period)

    def known(self, task: str) -> list[KnownAnswer]:
        """Return them in the order of partitions, and of each in the order in which they were given."""
        rows = self._of_task("SELECT row FROM known WHERE task = ? ORDER BY partition, number", task)
        return [KNOWN.value(row) for (row,) in rows]

    def counts(self, task: str) -> Traffic:
        """Return the counts of ``task`` over all partitions, as far as memory was refreshed."""
        return Traffic.joined(each.of(task) for each in self.traffic)

    def groups_of(self, case_id: str) -> Groups | None:
        """Return the declared groups of a case that people see, None where it has none."""
        found = self.file.rows(_GROUPS, stored_id(case_id))
        return self._group(found[0][0]) if found else None

    def grouped_cases(self) -> list[str]:
        """Return the ids of the cases that people see and that have declared groups."""
        return [shown_id(case_id) for (case_id,) in self.file.rows("SELECT case_id FROM groups")]

    def note(self, kind: str, names: Iterable[str]) -> None:
        """Keep ``names`` beside what was derived."""
        rows = [(kind, name) for name in names]
        self.file.change(lambda connection: connection.executemany("INSERT OR IGNORE INTO notes VALUES (?, ?)", rows))

    def notes(self, kind: str) -> list[str]:
        """Return what was noted, in order."""
        return [name for (name,) in self.file.rows("SELECT name FROM notes WHERE kind = ? ORDER BY name", kind)]

    def take_deletions(self, partition: int, deletions: Sequence[Deletion], left: Mapping[tuple[str, int], Traffic]) -> None:
        """Remove what went by ``deletions`` of cases of ``partition``; ``left`` are the counts of what is left of each task and
        day. Nothing stays of a case that people looked at, once ``settle`` was called."""

        def write(connection: sqlite3.Connection) -> None:
            for (task, day), counts in left.items():
                self.traffic[partition].recount(connection, task, day, counts)
            days = DayRows(connection)
            for each in deletions:
                number = self._task(connection, each.task)
                for case_id in map(stored_id, each.reviewed):
                    reviews = self._reviews(connection, number, case_id)
                    self._days.restate(connection, days, (each.task, number, case_id), reviews, [])
                    tests = [KNOWN.value(row) for (row,) in connection.execute(_TESTS, (number, case_id))]
                    self._days.remove_tests(connection, days, each.task, number, tests)
                    self._check_days.restate(connection, days, number, self._stored_check(connection, number, case_id), None)
                    for table in ("checks", "answers", "known"):
                        connection.execute(f"DELETE FROM {table} WHERE task = ? AND case_id = ?", (number, case_id))
                    connection.execute("DELETE FROM groups WHERE case_id = ?", (case_id,))
            days.write()
            notes = [(DELETION, each.name) for each in deletions] + [(DELETED, f"{each.day}/{each.task}") for each in deletions]
            connection.executemany("INSERT OR IGNORE INTO notes VALUES (?, ?)", notes)
            _note_changes(connection, {each.task for each in deletions})
            begin_era(connection)

        self._is_settled = False
        try:
            self.file.change(write)
        except RowsDiffer as error:
            self.clear(str(error))
        except BaseException:
            self.forget()
            raise

    def settle(self) -> None:
        """Let what was deleted leave the log beside the file. Where another process reads just now it stays until the next
        call."""
        self._is_settled = self._is_settled or self.file.settle()

    def clear(self, why: str) -> None:
        """Forget everything: it is derived again."""
        self.file.clear(why)
        self.forget()

    def _put_check(self, connection: sqlite3.Connection, days: DayRows, task: int, check: BlindCheck) -> None:
        answered = self._as_answered(connection, task, check)
        row = CHECKS.row(answered, self._checks.number(connection))
        case_id = stored_id(check.case_id)
        self._check_days.restate(connection, days, task, self._stored_check(connection, task, case_id), answered)
        place = (task, case_id, stored_content(check.content))
        connection.execute("INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?)", (*place, row))

    def _stored_check(self, connection: sqlite3.Connection, task: int, case_id: StoredId) -> BlindCheck | None:
        row = connection.execute(_CHECK, (task, case_id)).fetchone()
        return None if row is None else self._check(*row)

    def _put_answer(self, connection: sqlite3.Connection, days: DayRows, task: str, answer: SettledReview, amends: bool) -> None:
        ours = self._task(connection, task)
        place = (ours, stored_id(answer.case_id), int(answer.review_id.rpartition("-")[2]))
        before = self._reviews(connection, *place[:2])
        same, others = ([each for each in before if (each.review_id == answer.review_id) is is_same] for is_same in (True, False))
        if amends and same:
            answer = replace(answer, amended=same[0].labels_given)
        row = ANSWERS.row(answer, self._answers.number(connection))
        connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (*place, row))
        self._days.restate(connection, days, (task, *place[:2]), before, [*others, answer])
        drawn = self._stored_check(connection, *place[:2])
        if drawn is not None:
            self._put_check(connection, days, ours, drawn)

    def _put_groups(self, connection: sqlite3.Connection, cases: Sequence[CountedCase]) -> None:
        number, days = self._groups.number(connection), DayRows(connection)
        for each in cases:
            case_id, ours = stored_id(each.case_id), self._task(connection, each.task)
            reviews = self._reviews(connection, ours, case_id)
            self._days.restate(connection, days, (each.task, ours, case_id), reviews, [])
            connection.execute("INSERT OR REPLACE INTO groups VALUES (?, ?)", (case_id, number(each.groups)))
            self._days.restate(connection, days, (each.task, ours, case_id), [], reviews)
        days.write()

    def _as_answered(self, connection: sqlite3.Connection, task: int, check: BlindCheck) -> BlindCheck:
        reviews = self._reviews(connection, task, stored_id(check.case_id))
        return answered_check(check, sorted(reviews, key=lambda each: (each.at, each.review_id)))

    def _reviews(self, connection: sqlite3.Connection, task: int, case_id: StoredId) -> list[SettledReview]:
        return [self._answer(*row) for row in connection.execute(_REVIEWS, (task, case_id))]

    def _advance(self, source: str, before: int, now: Reached, write: Write) -> bool:
        is_first = False
        try:
            is_first = self.file.advance(source, before, now, write)
        except RowsDiffer as error:
            self.file.clear(str(error))  # whoever reads begins with the first row again
        finally:
            if not is_first:
                self.forget()
        return is_first

    def forget(self) -> None:
        """Drop what memory holds and the file may not: the next look reads it."""
        for names in (self._checks, self._answers, self._groups, self._tasks):
            names.forget()
        self._days.forget()
        self._check_days.forget()
        for counts in self.traffic:
            counts.forget()

    def _of_task(self, query: str, task: str) -> list[Row]:
        return self.file.many_rows(query, self._number(task))

    def _of_cases(self, task: str, cases: Iterable[str]) -> list[Row]:
        number = self._number(task)
        return [row for case in cases for row in self.file.many_rows(_CHECK, number, stored_id(case))]

    def _number(self, task: str) -> int:
        """Return the number of the task; 0, which none has, where nothing is known of it."""
        found = self.file.rows("SELECT id FROM names WHERE value = ?", pack(task))
        return int(found[0][0]) if found else 0

    def _task(self, connection: sqlite3.Connection, task: str) -> int:
        return self._tasks.number(connection)(task)

    def _check(self, stored: StoredId, content: bytes | None, row: bytes) -> BlindCheck:
        return CHECKS.value(row, self._named(self._checks), case_id=shown_id(stored), content=shown_content(content))

    def _answer(self, stored: StoredId, review: int, row: bytes) -> SettledReview:
        case_id = shown_id(stored)
        return ANSWERS.value(row, self._named(self._answers), case_id=case_id, review_id=f"{case_id}-{review}")

    def _named(self, names: Names) -> Values:
        return lambda number: names.value(number, self.file.name)

    def _group(self, number: int) -> Groups:
        found: Groups = self._groups.value(number, self.file.name)
        return found


def drop_evidence(folder: Path, why: str) -> None:
    """Remove the evidence that stands in ``folder``. Raises StoreUnavailable."""
    drop_files(folder, NAME, why)


class CaseGroups(Mapping[str, Groups]):
    """The declared groups of the cases that people see, each read from ``file`` when somebody asks for it."""

    def __init__(self, file: EvidenceFile) -> None:
        self._file = file

    def __getitem__(self, case_id: str) -> Groups:
        found = self._file.groups_of(case_id)
        if found is None:
            raise KeyError(case_id)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._file.grouped_cases())

    def __len__(self) -> int:
        return len(self._file.grouped_cases())


def _note_changes(connection: sqlite3.Connection, tasks: Iterable[str]) -> None:
    query = "INSERT INTO changes VALUES (?, 1) ON CONFLICT (task) DO UPDATE SET number = number + 1"
    connection.executemany(query, [(task,) for task in tasks])
