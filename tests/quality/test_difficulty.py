"""Consensus where some items are harder than others: what it claims is held against experts."""

import numpy as np
import pytest

from hitl.quality.consensus import posterior
from hitl.quality.difficulty import EASINESS, ExpertItem, learned_difficulty
from hitl.review.agreement import AgreementTerms, ConsensusResult, JudgedItem, Known, NeedsAnother, PersonsAnswer, settle
from tests.measure.simulations.hard_items import HardWorld, consensus_on_hard_items

EVEN = np.full(2, 0.5)
CONFUSION = np.tile([[0.9, 0.1], [0.1, 0.9]], (3, 1, 1))
ALIKE = tuple((person, 0) for person in range(3))


def judged(right: int, wrong: int) -> list[ExpertItem]:
    """Items on which all three people agreed, and the expert with them or not."""
    return [ExpertItem(0, ALIKE)] * right + [ExpertItem(1, ALIKE)] * wrong


def test_an_answers_probability_at_each_easiness_is_glads() -> None:
    """With two labels and errors that are symmetric: 1 / (1 + exp(-alpha beta)), alpha the log-odds of being right."""
    answering = np.exp(learned_difficulty([], CONFUSION).answering)
    glad = 1 / (1 + np.exp(-np.log(0.9 / 0.1) * EASINESS))
    assert answering[:, 0, 0, 0] == pytest.approx(glad)
    assert answering.sum(axis=-1) == pytest.approx(1.0)


def test_people_who_agree_on_what_experts_correct_are_believed_less() -> None:
    plain = posterior(EVEN, list(ALIKE), CONFUSION)[0]
    easy, hard = (learned_difficulty(judged(200 - wrong, wrong), CONFUSION).posterior(EVEN, ALIKE)[0] for wrong in (0, 30))
    assert plain > 0.998
    assert easy > 0.98
    assert hard == pytest.approx(0.85, abs=0.04)


def test_items_that_stand_for_many_count_for_many() -> None:
    few = [ExpertItem(0, ALIKE, 10.0)] * 50 + [ExpertItem(1, ALIKE, 1.0)] * 50
    weighted = learned_difficulty(few, CONFUSION).posterior(EVEN, ALIKE)[0]
    assert weighted > learned_difficulty(judged(50, 50), CONFUSION).posterior(EVEN, ALIKE)[0] + 0.1


def test_the_review_asks_one_more_person_where_items_are_hard() -> None:
    lessons = {name: [("a", "a"), ("b", "b")] * 40 for name in ("ann", "ben", "cid")}
    said = [PersonsAnswer("ann", "a"), PersonsAnswer("ben", "a")]
    both = [("ann", "a"), ("ben", "a")]
    experts = [JudgedItem("a", both, 1.0)] * 60 + [JudgedItem("b", both, 1.0)] * 20
    known = Known(("a", "b"), lessons, None, experts)
    assert isinstance(settle(said, AgreementTerms(1, 0.95, 5), known), ConsensusResult)
    assert isinstance(settle(said, AgreementTerms(1, 0.95, 5, by_item=True), known), NeedsAnother)


@pytest.mark.slow
def test_where_a_fifth_of_the_items_is_hard_claims_come_nearer_to_what_is_delivered() -> None:
    found = {by: consensus_on_hard_items(HardWorld(), AgreementTerms(1, 0.95, 5, by), 2000, 800) for by in (False, True)}
    gaps = {by: each.claimed - each.delivered for by, each in found.items()}
    assert gaps[True] < gaps[False] / 1.5, found
    assert found[True].delivered > found[False].delivered, found
