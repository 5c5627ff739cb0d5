"""The median of several people's numbers, and when it settles a review."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.answers.median import MedianAnswer, median_answer, median_point
from hitl.answers.one_value import NumberAnswer
from hitl.review.agreement import AgreementTerms, ConsensusResult, NeedsExpert, PersonsAnswer, settle
from hitl.tasks.answer_terms import NONE_OF_THESE

HOURS = NumberAnswer.model_validate({"kind": "number", "tolerance": 1.0}).number
POINTS = st.lists(st.sampled_from(["1", "2", "3", "4", "5", NONE_OF_THESE]), min_size=1, max_size=9)


def of_hours(*hours: float | None) -> MedianAnswer | None:
    return median_answer([(f"a{at}", each) for at, each in enumerate(hours)], HOURS.same)


def people(labels: list[str]) -> list[PersonsAnswer]:
    return [PersonsAnswer(f"person {at}", label) for at, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("hours", "label", "near"),
    [
        ((12.0,), "a0", 1),
        ((12.0, 10.0, 10.5), "a2", 2),
        ((10.0, 11.0), "a0", 2),
        ((11.0, 10.0), "a1", 2),
        ((10.0, 20.0, 11.0, 30.0), "a2", 2),
        ((None, 10.0, None), "a1", 1),
    ],
)
def test_the_median_is_a_number_that_somebody_gave(hours: tuple[float | None, ...], label: str, near: int) -> None:
    """Of two in the middle the lower one."""
    found = of_hours(*hours)
    assert found is not None
    assert (found.label, found.near) == (label, near)


def test_without_a_number_there_is_no_median() -> None:
    assert of_hours(None, None) is None


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_who_answered_first_changes_nothing(hours: list[float], shuffle: random.Random) -> None:
    answers = [(repr(each), each) for each in hours]
    found = median_answer(answers, HOURS.same)
    shuffle.shuffle(answers)
    other = median_answer(answers, HOURS.same)
    assert found is not None
    assert other is not None
    assert (found.label, found.near) == (other.label, other.near)
    assert sum(each <= float(found.label) for each in hours) * 2 >= len(hours)
    assert sum(each >= float(found.label) for each in hours) * 2 >= len(hours)
    assert 1 <= found.near <= len(hours)


@given(POINTS, st.integers(1, 3))
def test_what_a_majority_says_stands_as_it_did_before(labels: list[str], within: int) -> None:
    by_label, by_median = (settle(people(labels), AgreementTerms(1, within=each)) for each in (0, within))
    if isinstance(by_label, ConsensusResult):
        assert by_median == by_label


@given(POINTS, st.integers(1, 3))
def test_a_median_settles_where_more_than_half_of_all_answers_lie_near_it(labels: list[str], within: int) -> None:
    found = settle(people(labels), AgreementTerms(1, within=within))
    if isinstance(found, ConsensusResult) and found.by == "median":
        near = [each for each in labels if each.isdecimal() and abs(int(each) - int(found.label)) <= within]
        assert found.label in labels
        assert found.agreement == len(near) / len(labels) > 0.5
    if isinstance(found, NeedsExpert):
        middle = median_point(labels, within)
        assert middle is None or 2 * middle.near <= len(labels)


@pytest.mark.parametrize(
    ("labels", "settled"),
    [
        (["3", "4"], ("3", 1.0, "median")),
        (["4", "5", "1"], ("4", 2 / 3, "median")),
        (["1", "3", "5"], None),
        (["1", "1", "5", "5"], None),
        (["4", "5", NONE_OF_THESE, NONE_OF_THESE], None),
        (["4", NONE_OF_THESE, NONE_OF_THESE], (NONE_OF_THESE, 2 / 3, "majority")),
    ],
)
def test_points_of_a_scale(labels: list[str], settled: tuple[str, float, str] | None) -> None:
    found = settle(people(labels), AgreementTerms(len(labels), within=1))
    if settled is None:
        assert isinstance(found, NeedsExpert)
    else:
        assert found == ConsensusResult(*settled)


def test_the_numbers_near_the_last_one_are_named_by_their_labels() -> None:
    """Within an hour of 11: 10 and 12, not 13, and not that no number fits."""
    found = of_hours(10.0, 13.0, None, 12.0, 11.0)
    assert found is not None
    assert found.near_last == ("a0", "a3")


def test_two_numbers_are_near_by_the_relative_tolerance_of_either() -> None:
    """90.5 is within a tenth of 100, and 100 is not within a tenth of 90.5."""
    tenth = NumberAnswer.model_validate({"kind": "number", "relative_tolerance": 0.1}).number
    for hours in ((100.0, 90.5), (90.5, 100.0)):
        found = median_answer([(str(each), each) for each in hours], tenth.same)
        assert found is not None
        assert found.near_last == (str(hours[0]),)
