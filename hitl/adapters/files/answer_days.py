"""What figures read of answers, in the file of the evidence: columns by task, series and UTC day."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hitl.adapters.files.day_rows import ALL_DAYS, OF_DAYS, DayRows
from hitl.adapters.files.evidence_rows import Names, StoredId, Values
from hitl.adapters.files.projection import Projection
from hitl.quality.answer_columns import AnswerColumns, AnswerKind, kind_of, packed, unpacked
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.part_figures import answer_of_part
from hitl.quality.period import Period
from hitl.quality.reviewers import Person
from hitl.quality.traffic import DAY_S, Groups
from hitl.quality.vote_columns import (
    VotedCases,
    Votes,
    packed_vote,
    packed_voted,
    people_by_votes,
    vote_of_test,
    voted_cases,
    votes_of,
)

ANSWERS, VOTES, TESTS, VOTED = "answers", "votes", "tests", "voted"
"""The series of answers, of their votes, of votes to known answers, and of cases with several votes."""
NO_GROUPS = 0
"""The number of none; names are numbered from 1."""
_GROUPS = "SELECT kind FROM groups WHERE case_id = ?"


class AnswerDays:
    """The columns in ``file``. ``parts`` are those of the answers of each task that have figures of their own, ``labelled`` the
    tasks that people answer with labels, whose votes are kept."""

    def __init__(self, file: Projection, parts: Mapping[str, Sequence[str]], labelled: Collection[str]) -> None:
        self._file, self._parts, self._labelled = file, parts, labelled
        self._kinds, self._words, self._votes, self._groups = Names(AnswerKind), Names(str), Names(Votes), Names(Groups)

    def columns(self, task: int, days: tuple[int, int], part: str | None = None) -> AnswerColumns:
        """Return the answers that stand, of each case the newest review's, to cases that came for people on UTC ``days`` from one
        on, before another; of a ``part`` of them, or of the whole."""
        data = self._of_days(task, ANSWERS if part is None else _series_of(part), days)
        return unpacked(data, self._named(self._kinds), self._groups_of)

    def people(self, task: int, days: tuple[int, int], period: Period | None) -> dict[str, Person]:
        """Return what the answers and tests of a ``labelled`` task tell of each person: those of the ``days``, in the period."""
        data = b"".join(self._of_days(task, series, days) for series in (VOTES, TESTS))
        return people_by_votes(data, period, self._named(self._words))

    def voted(self, task: int, days: tuple[int, int], period: Period | None) -> list[VotedCases]:
        """Return the cases of a ``labelled`` task that several people answered: those of the ``days``, in the period."""
        return voted_cases(self._of_days(task, VOTED, days), period, self._named(self._kinds), self._named(self._votes))

    def restate(
        self,
        connection: sqlite3.Connection,
        days: DayRows,
        place: tuple[str, int, StoredId],
        before: Sequence[SettledReview],
        now: Sequence[SettledReview],
    ) -> None:
        """Let the columns tell what stands of a case by its reviews ``now``, in place of that by those ``before``; ``place`` is
        its task, the number of that, and the id."""
        if not before and not now:
            return
        task, number, case_id = place
        found = connection.execute(_GROUPS, (case_id,)).fetchone()
        for reviews, change in ((before, days.remove), (now, days.add)):
            if reviews:
                stands = max(reviews, key=lambda each: (each.at, each.review_id))
                for series, rows in self._told(connection, task, stands, found[0] if found else NO_GROUPS):
                    change((number, series, int(stands.opened_at // DAY_S)), rows)

    def add_tests(
        self, connection: sqlite3.Connection, days: DayRows, task: str, number: int, answers: Iterable[KnownAnswer]
    ) -> None:
        """Add answers to known cases of the task with that ``number``."""
        for day, row in self._tests(connection, task, answers):
            days.add((number, TESTS, day), [row])

    def remove_tests(
        self, connection: sqlite3.Connection, days: DayRows, task: str, number: int, answers: Iterable[KnownAnswer]
    ) -> None:
        """Take them away again."""
        for day, row in self._tests(connection, task, answers):
            days.remove((number, TESTS, day), [row])

    def forget(self) -> None:
        """Drop the names that memory holds."""
        for names in (self._kinds, self._words, self._votes, self._groups):
            names.forget()

    def _told(
        self, connection: sqlite3.Connection, task: str, answer: SettledReview, groups: int
    ) -> Iterator[tuple[str, list[bytes]]]:
        """Yield the rows of each series that tell of the answer."""
        kinds = self._kinds.number(connection)
        yield ANSWERS, [packed(answer, kinds(kind_of(answer)), groups)]
        for name in self._parts.get(task, ()):
            part = answer_of_part(answer, name)
            yield _series_of(name), [packed(part, kinds(kind_of(part)), groups)]
        if task in self._labelled:
            yield VOTES, [packed_vote(each, self._words.number(connection)) for each in votes_of(answer)]
            yield VOTED, packed_voted(answer, kinds(kind_of(answer)), self._votes.number(connection))

    def _tests(self, connection: sqlite3.Connection, task: str, answers: Iterable[KnownAnswer]) -> Iterator[tuple[int, bytes]]:
        number = self._words.number(connection)
        for each in answers if task in self._labelled else ():
            yield int(each.at // DAY_S), packed_vote(vote_of_test(each), number)

    def _of_days(self, task: int, series: str, days: tuple[int, int]) -> bytes:
        return b"".join(rows for (rows,) in self._file.many_rows(OF_DAYS, task, series, *days))

    def _named(self, names: Names) -> Values:
        return lambda number: names.value(number, self._file.name)

    def _groups_of(self, number: int) -> Groups:
        found: Groups = () if number == NO_GROUPS else self._named(self._groups)(number)
        return found


def days_of(period: Period | None) -> tuple[int, int]:
    """Return the UTC days that the period touches, as the methods above want them."""
    return ALL_DAYS if period is None else (int(period.since // DAY_S), int(-(-period.until // DAY_S)))


def _series_of(part: str) -> str:
    return f"part {part}"
