"""Consensus: people are believed by how they erred before, and asked only until it is clear."""

from collections import deque

import pytest

from hitl.review import Decide, OpenReview, SettledLabels
from hitl.review.agreement import AgreementTerms, ConsensusResult, Known, NeedsAnother, NeedsExpert, PersonsAnswer, settle
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell

LABELS = ["0", "1", "2"]
TERMS = AgreementTerms(target=0.95, most=5)
GOOD = [(label, label) for label in LABELS * 30]
CARELESS = [(truth, answer) for truth in LABELS for answer in LABELS] * 20


def said(*answers: tuple[str, str], **lessons: list[tuple[str, str]]) -> ConsensusResult | NeedsAnother | NeedsExpert:
    return settle([PersonsAnswer(who, label) for who, label in answers], TERMS, Known(LABELS, lessons))


@pytest.mark.covers("003-12")
def test_one_answer_of_somebody_who_errs_little_is_enough() -> None:
    found = said(("ann", "2"), ann=GOOD)
    assert isinstance(found, ConsensusResult)
    assert (found.label, found.by) == ("2", "posterior")
    assert found.posterior is not None
    assert found.posterior["2"] > 0.95


def test_somebody_who_guesses_is_not_believed_and_the_best_of_the_others_is_wanted_next() -> None:
    found = said(("bob", "2"), ann=GOOD, bob=CARELESS, cid=CARELESS)
    assert isinstance(found, NeedsAnother)
    assert found.preferred == "ann"


def test_answers_that_contradict_each_other_go_to_an_expert_after_the_most() -> None:
    votes = [("a", "0"), ("b", "1"), ("c", "2"), ("d", "0"), ("e", "1")]
    assert isinstance(said(*votes), NeedsExpert)
    assert isinstance(said(*votes[:2]), NeedsAnother)


POINTS = ["1", "2", "3", "4", "5"]
CLOSE = [(truth, answer) for truth in POINTS for answer in POINTS if abs(int(truth) - int(answer)) <= 1] * 20


def on_a_scale(*answers: tuple[str, str], within: int) -> ConsensusResult | NeedsAnother | NeedsExpert:
    """Ann and Bob are a point off as often as not."""
    people = [PersonsAnswer(who, label) for who, label in answers]
    terms = AgreementTerms(target=0.95, most=2, within=within)
    return settle(people, terms, Known(POINTS, {"ann": CLOSE, "bob": CLOSE}))


def test_consensus_on_a_scale_settles_on_the_median_where_the_points_near_it_are_probable_enough() -> None:
    """The truth may be 2, 3 or 4 alike, and 3 is right in each case."""
    found = on_a_scale(("ann", "3"), ("bob", "3"), within=1)
    assert isinstance(found, ConsensusResult)
    assert (found.label, found.agreement, found.by) == ("3", 1.0, "posterior")
    assert found.posterior is not None
    assert max(found.posterior.values()) < 0.95 <= sum(found.posterior[point] for point in ("2", "3", "4"))
    assert isinstance(on_a_scale(("ann", "3"), ("bob", "3"), within=0), NeedsExpert)


def test_consensus_on_a_scale_asks_an_expert_where_points_are_far_apart() -> None:
    assert isinstance(on_a_scale(("ann", "1"), ("bob", "5"), within=1), NeedsExpert)


def test_an_experts_answer_settles_alone() -> None:
    found = settle([PersonsAnswer("a", "0"), PersonsAnswer("eve", "1", is_expert=True)], TERMS, Known(LABELS))
    assert isinstance(found, ConsensusResult)
    assert (found.label, found.by) == ("1", "expert")


def test_the_model_has_a_say_only_where_it_may() -> None:
    sure = Known(LABELS, {}, model=[0.01, 0.01, 0.98])
    assert isinstance(settle([PersonsAnswer("new", "2")], TERMS, sure), ConsensusResult)
    assert isinstance(settle([PersonsAnswer("new", "2")], TERMS, Known(LABELS)), NeedsAnother)


def settled(shell: Shell, label: str) -> list[str]:
    """Who was asked about the review that is next in the queue, until it was decided."""
    asked = []
    for who in ("ann", "bob", "cid"):
        held = claimed(shell, who)
        asked.append(who)
        if shell.send(Decide(held["review_id"], held["lease"]["id"], who, label))["status"] == "decided":
            break
    return asked


def test_people_are_learnt_from_what_others_settled_and_a_second_life_knows_the_same() -> None:
    shell = shard(*[record(f"c{i:02}") for i in range(41)], review={"consensus": {"target": 0.9, "max_answers": 3}})
    assert len(settled(shell, "1")) > 1
    for i in range(39):
        settled(shell, LABELS[i % 3])
    assert settled(shell, "1") == ["ann"]
    assert shell.ask(SettledLabels("digits", 40, 1))["labelled"][0]["posterior"]["1"] > 0.9
    before = shell.state.lessons
    shell.recover()
    assert shell.state.lessons == before


def test_what_experts_say_of_items_is_remembered_and_a_second_life_knows_the_same() -> None:
    review = {"consensus": {"target": 0.9, "max_answers": 3, "difficulty": "by_item"}, "expert_validation": 1.0}
    shell = shard(record("c1"), record("c2"), review=review)
    settled(shell, "1")
    held = claimed(shell, "eve", queue="digits.expert")
    shell.send(Decide(held["review_id"], held["lease"]["id"], "eve", "2"))
    ((review_id, truth, said_before),) = shell.state.judged["digits"]
    assert (review_id, truth) == (held["review_id"], "2")
    assert {label for _, label in said_before} == {"1"}
    before = shell.state.judged
    shell.recover()
    assert shell.state.judged == before


FIRST = {"blind": True, "consensus": {"target": 0.9, "max_answers": 3, "first": "likely_right"}}
SURE_OF = {label: [0.9 if each == label else 0.05 for each in LABELS] for label in LABELS}


def asked_first(review: dict[str, object], **more: object) -> str | None:
    """Who is asked first about a case that the model takes for a 2, where Bob always knows a 2, Ann guesses it, and both came."""
    shell = shard(record("c1"), record("c2"), review=review)
    for who in ("ann", "bob"):
        claimed(shell, who)
    shell.state.lessons["digits"] = {
        "ann": deque([("0", "0"), ("1", "1"), ("2", "0"), ("2", "1"), ("2", "2")] * 40),
        "bob": deque([("0", "0"), ("1", "1"), ("2", "2")] * 40),
    }
    shell.send(OpenReview(record("next", probabilities=SURE_OF["2"], **more), 3))
    preferred = preferred_of(shell)
    shell.recover()
    assert preferred_of(shell) == preferred
    return preferred


def preferred_of(shell: Shell) -> str | None:
    found: list[str | None] = [each.preferred for each in shell.state.reviews.values() if each.case_id == "next"]
    return found[0]


def test_who_knows_what_the_model_takes_the_case_for_is_asked_first() -> None:
    assert asked_first(FIRST) == "bob"


def test_a_blind_check_tells_nobody_what_the_model_takes_it_for() -> None:
    assert asked_first(FIRST, streams=["gold"]) is None


def test_anybody_is_asked_first_unless_the_task_says_otherwise() -> None:
    assert asked_first({"blind": True, "consensus": {"target": 0.9, "max_answers": 3}}) is None
