"""The figures of one part of an answer: who decided it, how often that is wrong, and how far people agree on it."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.figures import Book, figures
from hitl.quality.part_figures import answer_of_part, part_figures
from hitl.quality.traffic import SLOT_S, Traffic
from hitl.routing.route import Action
from tests.contracts.intake_contract import record
from tests.quality.test_certifying import answer

DIFFERS, MORE = "corrected:1", "corrected:2"
AUDITED = 0.1


def book_of(traffic: Traffic, answers: list[SettledReview]) -> Book:
    by_part = {name: columns_of([answer_of_part(each, name) for each in answers]) for name in ("total", "vendor", "date")}
    return Book(traffic, columns_of(answers), by_part=by_part)


def review(label: str, corrected: dict[str, dict[str, str]], **more: object) -> SettledReview:
    said = replace(answer(0, 0.7), label=label, prediction="as_declared", corrected=corrected)
    return replace(said, **more)  # type: ignore[arg-type]


def documents(n: int = 4000, seed: int = 0) -> tuple[Traffic, list[SettledReview], float]:
    """The total goes by itself in half of the documents and is wrong in 2 % of these, and in 30 % of the others; the vendor never
    does. The exact error of the totals that went by themselves."""
    rng = np.random.default_rng(seed)
    traffic, answers, errors = Traffic(), list[SettledReview](), list[bool]()
    for i in range(n):
        by_itself = bool(rng.random() < 0.5)
        drawn = by_itself and bool(rng.random() < AUDITED)
        wrong = {"total": rng.random() < (0.02 if by_itself else 0.3), "vendor": rng.random() < 0.2}
        parts = ["total"] if by_itself else None
        streams = ["audit"] if drawn else []
        came = record(f"c{i}", Action.REVIEW)
        traffic.count(replace(came, confidence=0.7, at=i * 100.0, automatic_parts=parts, streams=streams), {})
        errors += [bool(wrong["total"])] * by_itself
        # Who sees what the model decided by itself leaves it: only a blind check tells.
        corrected = {name: "x" for name in wrong if wrong[name] and not (by_itself and not drawn and name == "total")}
        settled = review(DIFFERS if corrected else "as_declared", {DIFFERS: corrected} if corrected else {})
        drawn_by = {"streams": tuple(streams), "gold_probability": 0.0, "audit_probability": AUDITED}
        numbered = replace(settled, review_id=f"c{i}-1", case_id=f"c{i}", automatic_parts=tuple(parts or ()))
        answers.append(replace(numbered, **drawn_by))  # type: ignore[arg-type]
    return traffic, answers, float(np.mean(errors))


def test_a_part_that_goes_by_itself_is_judged_by_the_blind_checks_of_its_own_decisions() -> None:
    traffic, answers, truth = documents()
    book = book_of(traffic, answers)
    total, vendor = part_figures(book, "total"), part_figures(book, "vendor")
    assert total["automation_rate"].value == pytest.approx(0.5, abs=0.03)
    assert total["automatic_error"].low <= truth <= total["automatic_error"].high
    assert total["automatic_error"].n == sum(each.is_drawn for each in answers)
    assert total["automatic_error"].high < 0.1
    assert total["model_error"].low <= 0.16 <= total["model_error"].high
    assert (vendor["automation_rate"].value, vendor["automatic_error"].n) == (0.0, 0)
    assert vendor["model_error"].value == pytest.approx(0.2, abs=0.02), "of every case somebody said it"
    assert figures(book)["automation_rate"].value == 0.0


def test_the_intervals_of_a_parts_error_hold_the_truth() -> None:
    held = 0
    for seed in range(40):
        traffic, answers, truth = documents(1500, seed + 10)
        found = part_figures(book_of(traffic, answers), "total")["automatic_error"]
        held += found.low <= truth <= found.high
    assert held >= 36


def test_a_case_that_the_model_decided_alone_is_automatic_in_each_part() -> None:
    traffic = Traffic()
    traffic.count(record("c1", Action.AUTOMATIC), {})
    traffic.count(replace(record("c2", Action.REVIEW), automatic_parts=["total"]), {})
    found = {name: part_figures(Book(traffic, columns_of([])), name)["automation_rate"].value for name in ("total", "vendor")}
    assert found == {"total": 1.0, "vendor": 0.5}


def test_the_counts_of_a_part_are_those_of_the_time_that_is_asked_for() -> None:
    traffic = Traffic()
    for at in (SLOT_S, 3 * SLOT_S):
        traffic.count(replace(record(f"c{at}", Action.REVIEW), at=at, automatic_parts=["total"]), {})
    found = traffic.within(2 * SLOT_S, 4 * SLOT_S, 4 * SLOT_S).of_part("total")
    assert found.sum(Action.AUTOMATIC, lambda cell: True).cases == 1
    assert found.sum(Action.REVIEW, lambda cell: True).cases == 0


def test_people_agree_on_a_part_where_they_gave_the_same_or_both_left_it() -> None:
    corrected = {DIFFERS: {"vendor": "x"}, MORE: {"vendor": "x", "total": "y"}}
    both = review(DIFFERS, corrected, votes=(("ann", DIFFERS), ("ben", MORE)))
    found = {
        name: part_figures(book_of(Traffic(), [both]), name)["inter_annotator_agreement"] for name in ("vendor", "total", "date")
    }
    assert {name: each.value for name, each in found.items()} == {"vendor": 1.0, "total": 0.0, "date": 1.0}
    assert figures(Book(Traffic(), columns_of([both])))["inter_annotator_agreement"].value == 0.0


def test_older_answers_name_the_fields_and_where_nobody_named_any_all_are_wrong() -> None:
    named = replace(review(DIFFERS, {}), differing={DIFFERS: ("vendor",)})
    assert [answer_of_part(named, name).is_wrong for name in ("vendor", "total")] == [True, False]
    of_a_set = replace(review(DIFFERS, {}), differing={DIFFERS: ("labels",)})
    assert [answer_of_part(of_a_set, name).is_wrong for name in ("billing", "delivery")] == [True, True]
    assert answer_of_part(review("none_of_these", {}), "vendor").is_wrong
