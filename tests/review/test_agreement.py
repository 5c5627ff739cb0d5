"""When answers settle a review."""

import pytest

from hitl.review.agreement import AgreementTerms, ConsensusResult, Known, NeedsAnother, NeedsExpert, PersonsAnswer, settle
from hitl.tasks.answer_terms import NONE_OF_THESE

SETTLED = [
    ("3", 1, ConsensusResult("3", 1.0, "single")),
    ("33", 2, ConsensusResult("3", 1.0, "majority")),
    ("335", 3, ConsensusResult("3", 2 / 3, "majority")),
    ("3", 3, NeedsAnother(2)),
    ("33", 3, NeedsAnother(1)),
    ("35", 2, NeedsExpert("2 people gave 2 different answers")),
    ("357", 3, NeedsExpert("3 people gave 3 different answers")),
    ("3355", 4, NeedsExpert("4 people gave 2 different answers")),
]


@pytest.mark.parametrize(("labels", "overlap", "verdict"), SETTLED)
def test_a_majority_of_the_overlap_settles_and_a_tie_goes_to_an_expert(labels: str, overlap: int, verdict: object) -> None:
    answers = [PersonsAnswer(f"person {number}", label) for number, label in enumerate(labels)]
    assert settle(answers, AgreementTerms(overlap)) == verdict


def test_an_experts_answer_settles_alone() -> None:
    answers = [PersonsAnswer("ann", "3"), PersonsAnswer("bob", "5"), PersonsAnswer("eve", "7", is_expert=True)]
    assert settle(answers, AgreementTerms(3)) == ConsensusResult("7", 1 / 3, "expert")


def test_that_no_label_fits_settles_like_a_label_and_by_consensus_an_expert_says_it() -> None:
    answers = [PersonsAnswer("ann", NONE_OF_THESE), PersonsAnswer("bob", NONE_OF_THESE), PersonsAnswer("eve", "3")]
    assert settle(answers, AgreementTerms(3)) == ConsensusResult(NONE_OF_THESE, 2 / 3, "majority")
    known = Known(["3", "5"], {}, None)
    assert settle(answers[:1], AgreementTerms(1, 0.95), known) == NeedsExpert("somebody found that none of the labels fits")
    eve = PersonsAnswer("eve", NONE_OF_THESE, is_expert=True)
    assert settle([answers[0], eve], AgreementTerms(1, 0.95), known) == ConsensusResult(NONE_OF_THESE, 1.0, "expert")
