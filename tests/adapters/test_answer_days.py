"""The columns of answers follow what stands of a case, whatever comes in whatever order."""

from dataclasses import replace
from pathlib import Path

import pytest

from hitl.adapters.files.day_rows import DayRows, RowsDiffer
from hitl.adapters.files.evidence_file import CountedCase, EvidenceFile
from hitl.adapters.files.projection import Reached
from hitl.intake.deletions import Deletion
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.period import Period
from hitl.quality.traffic import DAY_S
from tests.quality.test_certifying import answer

TASK = "digits"


def opened(folder: Path) -> EvidenceFile:
    return EvidenceFile(folder, "v", 1, {TASK: ["total"]}, {TASK})


def settled(number: int, review: int = 1, **more: object) -> SettledReview:
    votes = (("ann", "a"), ("ben", "b"))
    found = replace(answer(number, 0.9), case_id=f"c{number}", review_id=f"c{number}-{review}", votes=votes, opened_at=DAY_S)
    return replace(found, **more)  # type: ignore[arg-type]


def take(file: EvidenceFile, *answers: SettledReview, amends: bool = False) -> None:
    before = file.file.reached("labels").position
    assert file.take_answers(TASK, "labels", before, Reached(before + 1), [(each, amends) for each in answers])


def deletion(*cases: str) -> Deletion:
    return Deletion(0, "segment", "file", "1970-01-02", TASK, "", "", list(cases), [], None)


def test_the_newest_review_of_a_case_stands_alone(tmp_path: Path) -> None:
    file = opened(tmp_path)
    take(file, settled(1, at=DAY_S + 1), settled(2, at=DAY_S + 1))
    take(file, settled(1, review=2, at=DAY_S + 9, opened_at=2 * DAY_S, votes=(("cem", "a"),)))
    assert sorted(file.columns(TASK).votes.tolist()) == [1, 2]
    assert {name: each.answers for name, each in file.people(TASK).items()} == {"ann": 1, "ben": 1, "cem": 1}
    assert [each.cases for each in file.voted(TASK)] == [1]
    assert len(file.columns(TASK, part="total")) == 2
    assert file.columns(TASK, Period(2 * DAY_S, 3 * DAY_S)).votes.tolist() == [1]


def test_an_amended_answer_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = opened(tmp_path)
    take(file, settled(1, label="a", prediction="a"))
    assert file.columns(TASK).is_wrong.tolist() == [False]
    take(file, settled(1, label="b", prediction="a"), amends=True)
    assert file.columns(TASK).is_wrong.tolist() == [True]


def test_groups_that_come_after_the_answer_are_told_of_it(tmp_path: Path) -> None:
    file, groups = opened(tmp_path), (("ward", "3"),)
    take(file, settled(1))
    assert file.columns(TASK).groupings == [()]
    file.take_cases(0, "cases", 0, Reached(1), [CountedCase(TASK, "c1", groups, None)])
    assert file.columns(TASK).groupings == [groups]
    assert len(file.columns(TASK)) == 1


def test_what_is_deleted_leaves_every_column(tmp_path: Path) -> None:
    file = opened(tmp_path)
    take(file, settled(1), settled(2))
    tests = [(f"c{number}", KnownAnswer("dan", "a", "a", None, 5.0)) for number in (1, 2)]
    assert file.take_known(TASK, 0, "known", 0, Reached(1), tests)
    file.take_deletions(0, [deletion("c1")], {})
    assert len(file.columns(TASK)) == len(file.columns(TASK, part="total")) == 1
    assert {name: (each.answers, each.tests) for name, each in file.people(TASK).items()} == {
        "ann": (1, 0),
        "ben": (1, 0),
        "dan": (0, 1),
    }
    file.take_deletions(0, [deletion("c2")], {})
    assert (len(file.columns(TASK)), file.people(TASK), file.voted(TASK)) == (0, {}, [])


def test_a_row_is_found_at_its_place_and_not_across_its_neighbours(tmp_path: Path) -> None:
    file = opened(tmp_path)

    def write(*changes: tuple[str, list[bytes]]) -> bytes:
        def written(connection: object) -> None:
            days = DayRows(connection)  # type: ignore[arg-type]
            for name, rows in changes:
                getattr(days, name)((1, "x", 0), rows)
            days.write()

        file.file.change(written)
        return b"".join(rows for (rows,) in file.file.rows("SELECT rows FROM day_rows"))

    assert write(("add", [b"aab", b"baa", b"bba"])) == b"aabbaabba"
    assert write(("remove", [b"bba"])) == b"aabbaa"
    with pytest.raises(RowsDiffer):
        write(("remove", [b"bba"]))
    assert write(("remove", [b"aab"]), ("add", [b"aab", b"aab"]), ("remove", [b"aab"])) == b"baaaab"
    assert write(("remove", [b"aab", b"baa"])) == b""


@pytest.mark.parametrize("change", ["amended", "deleted"])
def test_columns_that_were_derived_otherwise_are_derived_anew(tmp_path: Path, change: str) -> None:
    file = opened(tmp_path)
    take(file, settled(1, label="a"), settled(2))
    file.file.change(lambda connection: connection.execute("UPDATE day_rows SET rows = zeroblob(length(rows))"))
    amended = [(settled(1, label="b"), True)]
    if change == "amended":
        assert not file.take_answers(TASK, "labels", 1, Reached(2), amended)
    else:
        file.take_deletions(0, [deletion("c1")], {})
    assert file.file.reached("labels").position == 0
    take(file, settled(1, label="b"), settled(2))
    assert len(file.columns(TASK)) == 2
