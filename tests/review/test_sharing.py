"""Who may take what: assignments, skills, skips, capacity, and independent answers."""

from typing import Any

import pytest

from hitl.errors import AtCapacity, InvalidInput
from hitl.review import (
    Assign,
    Claim,
    Decide,
    DelegateReview,
    Escalate,
    OutcomeOf,
    QueueOf,
    ReportFailure,
    Requeue,
    ReviewOf,
    SaveDraft,
    SendBack,
    SettledLabels,
    Skip,
)
from tests.fakes.reviews import claimed, record, shard
from tests.fakes.shell import Shell


def take(shell: Shell, reviewer: str, queue: str = "digits", count: int = 1, *keys: str) -> list[str]:
    """The cases that ``reviewer`` now holds by one claim."""
    answer = shell.send(Claim(queue, reviewer, None, count, frozenset(keys)))
    return [review["case_id"] for review in answer["reviews"]]


def why(shell: Shell, reviewer: str) -> Any:
    return shell.send(Claim("digits", reviewer))["why"]


def test_a_claim_of_several_takes_the_most_pressing_first() -> None:
    shell = shard(record("a"), record("b", priority="urgent"), record("c"))
    assert take(shell, "ann", count=2) == ["b", "a"]
    assert take(shell, "bob", count=2) == ["c"]


@pytest.mark.parametrize("count", [0, 51])
def test_a_claim_takes_a_sane_number(count: int) -> None:
    with pytest.raises(InvalidInput):
        shard(record("a")).send(Claim("digits", "ann", None, count))


def test_nobody_holds_more_than_the_tasks_capacity() -> None:
    shell = shard(*(record(case) for case in "abc"), review={"capacity": 2})
    assert take(shell, "ann", count=3) == ["a", "b"]
    with pytest.raises(AtCapacity):
        shell.send(Claim("digits", "ann"))
    with pytest.raises(AtCapacity):
        shell.send(Claim("digits", "bob", held_elsewhere=2))


TARGETS = [
    ("person:bob", "bob", ()),
    ("role:expert", "eve", ("role:expert",)),
    ("skill:hearts", "cid", ("skill:hearts", "skill:lungs")),
]


@pytest.mark.parametrize(("to", "who", "keys"), TARGETS)
def test_an_assigned_review_is_taken_by_whom_it_is_meant_for(to: str, who: str, keys: tuple[str, ...]) -> None:
    shell = shard(record("a"))
    shell.send(Assign("a-1", to, "olga"))
    assert take(shell, "ann") == []
    assert take(shell, who, "digits", 1, *keys) == ["a"]


def test_a_segments_reviews_need_its_skill() -> None:
    shell = shard(record("a", segment="night"), record("b"), review={"skills": {"night": "owl"}})
    assert take(shell, "ann", count=2) == ["b"]
    assert take(shell, "bob", "digits", 1, "skill:owl") == ["a"]


def test_reassigning_takes_the_lease_away() -> None:
    shell = shard(record("a"))
    take(shell, "ann")
    assert shell.send(Assign("a-1", "person:bob", "olga"))["lease"] == 1
    assert take(shell, "bob") == ["a"]


def test_a_delegated_review_waits_for_its_person() -> None:
    shell = shard(record("a"))
    take(shell, "ann")
    shell.send(DelegateReview("a-1", 1, "ann", "person:bob", "off duty"))
    assert (take(shell, "ann"), take(shell, "bob")) == ([], ["a"])


def test_who_skips_does_not_get_it_again_while_others_can() -> None:
    shell = shard(record("a"), record("b"))
    take(shell, "bob")
    take(shell, "ann")
    shell.send(Skip("b-1", 2, "ann", "no idea"))
    assert (take(shell, "ann"), why(shell, "ann")["reason"]) == ([], "skipped")
    assert take(shell, "bob") == ["b"]


def test_who_skips_gets_it_again_when_nobody_else_can() -> None:
    shell = shard(record("a"))
    take(shell, "bob")
    shell.send(Skip("a-1", 1, "bob", "no idea"))
    take(shell, "ann")
    shell.send(Skip("a-1", 2, "ann", "neither"))
    assert take(shell, "ann") == ["a"]


def _overlapping(labels: str, overlap: int) -> Shell:
    shell = shard(record("a", prediction="1"), review={"overlap": overlap})
    for reviewer, label in zip(("ann", "bob", "cid"), labels, strict=False):
        review = claimed(shell, reviewer)
        shell.send(Decide("a-1", review["lease"]["id"], reviewer, label))
    return shell


@pytest.mark.covers("003-67")
def test_independent_answers_settle_by_majority() -> None:
    shell = _overlapping("212", 3)
    row = shell.ask(SettledLabels("digits", 0, 9))["labelled"][0]
    assert (row["label"], row["reviewers"]) == ("2", ["ann", "bob", "cid"])
    assert [answer["label"] for answer in row["answers"]] == ["2", "1", "2"]


def test_nobody_answers_twice() -> None:
    shell = _overlapping("2", 2)
    assert (take(shell, "ann"), why(shell, "ann")["reason"]) == ([], "answered")
    assert take(shell, "bob") == ["a"]


def test_a_tie_goes_to_an_expert_whose_answer_settles_it() -> None:
    shell = _overlapping("21", 2)
    assert take(shell, "cid") == []
    review = claimed(shell, "eve", "digits.expert")
    assert review["escalation"] == "2 people gave 2 different answers"
    shell.send(Decide("a-1", review["lease"]["id"], "eve", "0"))
    assert shell.ask(OutcomeOf("a"))["outcome"]["label"] == "0"


def test_others_answers_are_hidden_until_ones_own_is_given() -> None:
    shell = _overlapping("2", 2)
    review = claimed(shell, "bob")
    assert review["answers"] == []
    assert not any("label" in step for step in review["history"])
    assert shell.ask(ReviewOf("a-1", "ann"))["review"]["answers"][0]["label"] == "2"


def test_a_validated_decision_waits_for_an_expert() -> None:
    shell = shard(record("a"), review={"expert_validation": 1.0})
    claimed(shell, "ann")
    assert shell.send(Decide("a-1", 1, "ann", "2"))["waits_for"] == "expert"
    assert shell.ask(OutcomeOf("a"))["status"] == "pending_expert"
    claimed(shell, "eve", "digits.expert")
    shell.send(Decide("a-1", 2, "eve", "2"))
    assert shell.ask(OutcomeOf("a"))["outcome"]["reviewers"] == ["ann", "eve"]


def test_an_expert_sends_a_review_back_with_a_reason() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann")
    shell.send(Escalate("a-1", 1, "ann", "blurred"))
    claimed(shell, "eve", "digits.expert")
    shell.send(SendBack("a-1", 2, "eve", "readable at scale 2"))
    assert claimed(shell, "bob")["escalation"] == "readable at scale 2"


def test_a_draft_is_its_writers_alone_and_outlives_the_lease() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann", lease_s=10)
    shell.send(SaveDraft("a-1", 1, "ann", {"label": "2"}))
    shell.advance(10)
    assert claimed(shell, "bob")["drafts"] == {}
    assert shell.ask(ReviewOf("a-1", "ann"))["review"]["drafts"]["ann"]["draft"] == {"label": "2"}


def test_answering_removes_the_draft() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann")
    shell.send(SaveDraft("a-1", 1, "ann", {"label": "2"}))
    shell.send(Decide("a-1", 1, "ann", "2"))
    assert shell.ask(ReviewOf("a-1"))["review"]["drafts"] == {}


def _failed(times: int) -> Shell:
    shell = shard(record("a"))
    for lease in range(1, times + 1):
        claimed(shell, "ann")
        shell.send(ReportFailure("a-1", lease, "ann", "render", "no picture"))
    return shell


def test_reported_failures_quarantine_a_review_until_an_operator_lets_it_out() -> None:
    shell = _failed(3)
    assert why(shell, "ann")["reason"] == "quarantined"
    assert shell.ask(QueueOf("digits", "ann"))["quarantined"] == ["a-1"]
    shell.send(Requeue("a-1", "olga", "fixed"))
    assert take(shell, "ann") == ["a"]


def test_expired_leases_never_quarantine() -> None:
    shell = shard(record("a"))
    for _ in range(5):
        claimed(shell, "ann", lease_s=5)
        shell.advance(5)
    assert take(shell, "ann") == ["a"]


def test_an_empty_queue_says_why() -> None:
    shell = shard()
    assert why(shell, "ann")["reason"] == "none"
    shell = shard(record("a"))
    take(shell, "bob")
    assert why(shell, "ann") == {"reason": "leased", "waiting": 0, "leased": 1, "until": shell.now + 120, "quarantined": 0}
    shell.send(DelegateReview("a-1", 1, "bob", "person:cid"))
    assert why(shell, "ann")["reason"] == "others"
