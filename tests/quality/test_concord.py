"""How far people agree, which checks nobody answered, and what a task's own costs make of a decision."""

from dataclasses import replace

import pytest

from hitl.cli.commands.task_files import _automatic_when
from hitl.intake import CaseRecord
from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.concord import AnnotatorAgreement, concord
from hitl.quality.figures import Book, figures
from hitl.quality.traffic import DAY_S, Traffic
from hitl.quality.unanswered import unanswered
from hitl.routing.cost import costs_of
from hitl.routing.policy import CostTerms, Policy
from tests.fakes.reviews import record, spec

LABELS = ["0", "1", "2"]


def answer(number: int, *labels: str, day: int = 10, automatic: bool = True) -> SettledReview:
    votes = tuple((f"person-{i}", label) for i, label in enumerate(labels))
    at = day * DAY_S + 5.0
    ids = (f"case{number}-1", f"case{number}", "audit", True, labels[-1], "1", 0.97, "all", "m", "p")
    return SettledReview(*ids, automatic, ("audit",), 0.0, 0.1, at, at + 60.0, votes)


def checked(number: int, day: int = 10) -> CaseRecord:
    return record(f"case{number}", action="automatic", at=day * DAY_S + 1.0, streams=["audit"], priority=None)


@pytest.mark.covers("003-12")
def test_agreement_beyond_chance_is_lower_than_the_plain_one_and_both_have_intervals() -> None:
    votes = [("0", "0")] * 70 + [("1", "1")] * 10 + [("0", "1")] * 20
    found = concord([answer(i, *pair) for i, pair in enumerate(votes)], LABELS)
    assert (found.cases, found.raw.value) == (100, 0.8)
    assert 0.3 < found.alpha.value < 0.45
    assert found.raw.low < 0.8 < found.raw.high
    assert found.alpha.low < found.alpha.value < found.alpha.high


def test_answers_without_regard_to_the_case_agree_by_chance_alone() -> None:
    votes = [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")] * 25
    found = concord([answer(i, *pair) for i, pair in enumerate(votes)], LABELS)
    assert found.raw.value == 0.5
    assert abs(found.alpha.value) < 0.02


def test_a_case_with_one_answer_says_nothing_of_agreement() -> None:
    assert concord([answer(1, "0")], LABELS).raw.value is None


def test_mature_checks_that_nobody_answered_are_counted_and_not_taken_as_right() -> None:
    traffic = Traffic()
    for number in range(20):
        traffic.count(checked(number, day=10), {})
    for number in range(20, 25):
        traffic.count(checked(number, day=20), {})
    answers = [answer(number, "1") for number in range(12)]
    found = unanswered(traffic, columns_of(answers), now=20.5 * DAY_S)
    assert (found.drawn, found.answered, found.open, found.overripe) == (25, 12, 13, 8)
    assert found.at_worst.value == 0.4


@pytest.mark.covers("003-11")
def test_the_cost_of_a_decision_is_what_the_policy_says_that_people_cost() -> None:
    traffic = Traffic()
    for number in range(100):
        traffic.count(replace(checked(number), action="review", streams=[]), {})
    policy = Policy(costs=CostTerms(review=2.0, expert=8.0))
    assert figures(Book(traffic, columns_of([]), costs=costs_of(policy)))["cost_per_decision"].value == pytest.approx(2.001)
    assert figures(Book(traffic, columns_of([]), costs=costs_of(Policy())))["cost_per_decision"].value == pytest.approx(0.401)


def test_task_files_are_shown_with_certificates_where_they_state_a_risk() -> None:
    certified = spec(risk={"level": 0.02, "confidence": 0.9, "segments": {"all": {"level": 0.01}}})
    assert _automatic_when(certified) == "certified: at most 0.02 wrong, shown with 0.9; all 0.01 at 0.9"
    assert _automatic_when(spec()) == "confidence > 0.95 (uncertified)"


def points(*pairs: tuple[str, str], within: int = 0) -> AnnotatorAgreement:
    answers = [answer(i, *pair) for i, pair in enumerate(pairs)]
    return concord(answers, ["1", "2", "3", "4", "5", "none_of_these"], points=True, within=within)


def test_points_side_by_side_agree_as_far_as_the_task_says() -> None:
    pairs = [("1", "2"), ("3", "3"), ("5", "2"), ("4", "none_of_these")]
    assert points(*pairs).raw.value == 0.25
    assert points(*pairs, within=1).raw.value == 0.5


def test_alpha_of_a_scale_weighs_how_far_points_are_apart() -> None:
    near = [(a, b) for a in "12345" for b in "12345" if abs(int(a) - int(b)) == 1]
    found = points(*near)
    nominal = concord([answer(i, *pair) for i, pair in enumerate(near)], ["1", "2", "3", "4", "5"])
    assert (found.scale, nominal.scale) == ("ordinal", "nominal")
    assert nominal.alpha.value < 0 < 0.5 < found.alpha.value


def test_that_nothing_fits_has_no_place_on_a_scale() -> None:
    agreed = [("1", "1"), ("5", "5"), ("3", "3")]
    assert points(*agreed, ("2", "none_of_these")).alpha.value == points(*agreed).alpha.value == 1.0


def test_numbers_within_the_tolerance_of_each_other_agree() -> None:
    near = replace(answer(1, "corrected:1", "corrected:2"), near=frozenset({("corrected:1", "corrected:2")}))
    far = answer(2, "corrected:1", "corrected:3")
    assert figures(Book(Traffic(), columns_of([near])))["inter_annotator_agreement"].value == 1.0
    assert figures(Book(Traffic(), columns_of([near, far])))["inter_annotator_agreement"].value == 0.5
