"""Points of a scale that differ little settle a review by their median: what is journalled, and what a replay makes of it."""

import pytest

from hitl.answers.median import MedianAnswer
from hitl.errors import InvalidInput
from hitl.machine.replay import Replica
from hitl.review import Decide, OpenReview, OutcomeOf, ReviewMachine, Undo
from tests.fakes.reviews import DAY_S, ReviewShell, claimed, record, spec


def machine(within: int) -> ReviewMachine:
    scale = {"kind": "scale", "points": 5, "within": within}
    task = spec("digits", labels=["1", "2", "3", "4", "5"], answer=scale, review={"overlap": 2, "undo_s": 60.0})
    return ReviewMachine({"digits": task}, DAY_S)


def shard(within: int = 1) -> ReviewShell:
    shell = ReviewShell(machine(within))
    shell.send(OpenReview(record("a", prediction="1", probabilities=[1.0, 0.0, 0.0, 0.0, 0.0]), 1))
    return shell


def answer(shell: ReviewShell, who: str, label: str, median: MedianAnswer | None = None) -> None:
    lease = claimed(shell, who)["lease"]["id"]
    shell.send(Decide("a-1", lease, who, label, median=median))


def test_two_points_side_by_side_settle_on_the_lower_and_the_event_says_so() -> None:
    shell = shard()
    answer(shell, "ann", "4")
    answer(shell, "bob", "3")
    (decided,) = shell.commits()[-1].events
    assert (decided["type"], decided["label"], decided["answer"], decided["agreement"]) == ("ReviewDecided", "3", "3", 1.0)
    shell.advance(61.0)
    assert shell.ask(OutcomeOf("a", 0, None))["outcome"]["label"] == "3"


def test_a_replay_takes_the_settled_point_from_the_event_whatever_the_terms_are_today() -> None:
    shell = shard()
    answer(shell, "ann", "3")
    answer(shell, "bob", "4")
    shell.advance(61.0)
    replica = Replica(machine(within=0))
    for entry in shell.entries:
        replica.replay(entry)
    assert replica.machine.plain(replica.state) == shell.plain()


def test_points_further_apart_go_to_an_expert() -> None:
    shell = shard()
    answer(shell, "ann", "2")
    answer(shell, "bob", "4")
    assert claimed(shell, "eve", "digits.expert")["review_id"] == "a-1"


def test_without_within_equal_points_alone_settle() -> None:
    shell = shard(within=0)
    answer(shell, "ann", "3")
    answer(shell, "bob", "4")
    assert claimed(shell, "eve", "digits.expert")["review_id"] == "a-1"


def test_an_answer_that_is_taken_back_leaves_the_median() -> None:
    shell = shard()
    answer(shell, "ann", "4")
    lease = claimed(shell, "bob")["lease"]["id"]
    shell.send(Decide("a-1", lease, "bob", "3"))
    again = shell.send(Undo("a-1", "bob", "a slip"))["lease"]
    shell.send(Decide("a-1", again, "bob", "5"))
    (decided,) = shell.commits()[-1].events
    assert (decided["label"], decided["answer"]) == ("4", "5")


def test_a_median_of_other_answers_than_the_review_has_is_refused() -> None:
    shell = shard(within=0)
    answer(shell, "ann", "3")
    count = len(shell.entries)
    with pytest.raises(InvalidInput, match="another one came or went"):
        answer(shell, "bob", "4", MedianAnswer(("4",), "4", 1))
    assert len(shell.entries) == count + 1, "the claim alone"
    shell.send(Decide("a-1", shell.state.last_lease, "bob", "4", median=MedianAnswer(("3", "4"), "3", 2)))
    assert shell.commits()[-1].events[0]["label"] == "3"
