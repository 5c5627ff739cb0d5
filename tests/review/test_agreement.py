"""When answers settle a review."""

import pytest

from hitl.review.agreement import AgreementTerms, ConsensusResult, NeedsAnother, NeedsExpert, PersonsAnswer, settle

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
