"""The columns of checks follow what people said of each case, whatever comes in whatever order."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hitl.adapters.files.check_days import PARTS
from hitl.adapters.files.evidence_file import CountedCase, EvidenceFile
from hitl.adapters.files.projection import Reached
from hitl.ids import unpacked_case_id
from hitl.intake.deletions import Deletion
from hitl.quality.answers import SettledReview
from hitl.quality.check_columns import CheckColumns, as_columns
from hitl.quality.checks import BlindCheck, DrawnPart, certified_parts
from hitl.quality.traffic import DAY_S
from hitl.routing.policy import UNKNOWN
from tests.quality.test_certifying import answer

TASK = "digits"


def opened(folder: Path) -> EvidenceFile:
    return EvidenceFile(folder, "v", 1, {TASK: ["total"]}, {TASK})


def drawn(number: int, **more: object) -> BlindCheck:
    case = unpacked_case_id(number.to_bytes(16, "big"))
    parts = (DrawnPart("total", 0.7 + number % 3 / 10, True), DrawnPart("date", 0.9, False))
    return replace(
        BlindCheck(case, 100.0 * number, "all", "m", "p", "a", 0.9, False, ("gold",), content=f"{number + 1:064x}", parts=parts),
        **more,  # type: ignore[arg-type]
    )


def settled(check: BlindCheck, review: int, **more: object) -> SettledReview:
    ids = {"case_id": check.case_id, "review_id": f"{check.case_id}-{review}"}
    return replace(answer(1, 0.9), **ids, at=check.at + review, differing={"b": ("total",)}, **more)  # type: ignore[arg-type]


def take_cases(file: EvidenceFile, checks: Sequence[BlindCheck]) -> None:
    before = file.file.reached("cases").position
    cases = [CountedCase(TASK, each.case_id, (), each) for each in checks]
    assert file.take_cases(0, "cases", before, Reached(before + 1), cases)


def take_answer(file: EvidenceFile, told: SettledReview, amends: bool = False) -> None:
    before = file.file.reached("labels").position
    assert file.take_answers(TASK, "labels", before, Reached(before + 1), [(told, amends)])


def deletion(*cases: str) -> Deletion:
    return Deletion(0, "segment", "file", "1970-01-02", TASK, "", "", list(cases), [], None)


def told_of(columns: CheckColumns) -> list[tuple[object, ...]]:
    """Each check with all that its columns say of it."""
    columns_of = (columns.at, columns.confidence, columns.harm, columns.probability, columns.seen, columns.case_id)
    kinds = [columns.kinds[kind] for kind in columns.kind]
    return [tuple(map(str, row)) for row in zip(*(each.tolist() for each in columns_of), columns.content, kinds, strict=True)]


@pytest.mark.parametrize("seed", range(12))
def test_columns_are_those_of_the_checks_that_stand(tmp_path: Path, seed: int) -> None:
    rng, file, waiting, open_checks = random.Random(seed), opened(tmp_path), list(range(40)), list[BlindCheck]()
    rng.shuffle(waiting)
    for _ in range(60):
        step = rng.choice(["case", "case", "answer", "amend", "again", "delete", "early"])
        if step == "case" and waiting:
            some = [drawn(waiting.pop(), segment=rng.choice(["all", UNKNOWN])) for _ in range(min(2, len(waiting)))]
            take_cases(file, some)
            open_checks += some
        elif step == "early" and waiting:
            take_answer(file, settled(drawn(waiting[-1]), 1, label=rng.choice("ab")))
        elif step == "delete" and open_checks and rng.random() < 0.3:
            file.take_deletions(0, [deletion(open_checks.pop(rng.randrange(len(open_checks))).case_id)], {})
        elif open_checks:
            review = 2 if step == "again" else 1
            take_answer(file, settled(rng.choice(open_checks), review, label=rng.choice("ab")), amends=step == "amend")
    rows, again = file.checks(TASK), opened(tmp_path)
    assert told_of(file.check_columns(TASK)) == told_of(as_columns(rows)) == told_of(again.check_columns(TASK))
    assert told_of(file.check_columns(TASK, of_parts=True)) == told_of(as_columns(certified_parts(rows)))


def test_what_is_deleted_leaves_the_columns(tmp_path: Path) -> None:
    file, checks = opened(tmp_path), [drawn(number) for number in range(3)]
    take_cases(file, checks)
    take_answer(file, settled(checks[1], 1))
    file.take_deletions(0, [deletion(checks[0].case_id, checks[1].case_id)], {})
    assert [case.decode() for case in file.check_columns(TASK).case_id.tolist()] == [checks[2].case_id]
    file.take_deletions(0, [deletion(checks[2].case_id)], {})
    assert file.file.rows("SELECT COUNT(*) FROM day_rows WHERE series IN (?, ?)", "checks", PARTS) == [(0,)]


def test_the_checks_of_some_cases_are_read_alone(tmp_path: Path) -> None:
    file, checks = opened(tmp_path), [drawn(number) for number in (7, 2, 5)]
    take_cases(file, checks)
    asked = [checks[0].case_id, checks[1].case_id, "unknown"]
    assert [each.at for each in file.checks(TASK, asked)] == [200.0, 700.0]


def test_a_check_takes_57_bytes_beside_the_others_of_its_day(tmp_path: Path) -> None:
    file = opened(tmp_path)
    take_cases(file, [drawn(number, parts=()) for number in range(10)])
    (found,) = file.file.rows("SELECT day, LENGTH(rows) FROM day_rows")
    assert found == (int(900 // DAY_S), 570)
    assert np.diff(file.check_columns(TASK).at).tolist() == [100.0] * 9
