"""Who is next, and who holds what."""

import pytest

from hitl.errors import InvalidInput, NotFound, SequenceConflict
from hitl.review import Claim, Cursor, Decide, Escalate, Leases, OpenReview, QueueHeads, QueueStats, Release
from tests.fakes.reviews import claimed, record, shard


@pytest.mark.covers("D03")
def test_reviews_of_one_priority_leave_in_the_order_they_came() -> None:
    shell = shard(record("a"), record("b"), record("c"))
    assert [claimed(shell)["case_id"] for _ in range(3)] == ["a", "b", "c"]


@pytest.mark.covers("003-52")
def test_the_most_pressing_priority_leaves_first() -> None:
    priorities = ("low", "normal", "high", "urgent")
    shell = shard(*(record(priority, priority=priority) for priority in priorities))
    assert [claimed(shell)["case_id"] for _ in range(4)] == ["urgent", "high", "normal", "low"]


def test_order_is_by_the_intake_even_when_openings_overtake_each_other() -> None:
    shell = shard()
    for position in (3, 1, 2):
        shell.send(OpenReview(record(f"case{position}"), position))
    assert [claimed(shell)["position"] for _ in range(3)] == [1, 2, 3]


def test_a_released_review_goes_back_to_its_own_place() -> None:
    shell = shard(record("a"), record("b"))
    review = claimed(shell, "ann")
    shell.send(Release(review["review_id"], review["lease"]["id"], "ann", "lunch"))
    assert claimed(shell, "bob")["case_id"] == "a"


@pytest.mark.covers("D04")
def test_two_reviewers_never_get_the_same_review() -> None:
    shell = shard(record("a"))
    assert claimed(shell, "ann")["lease"] == {"id": 1, "reviewer": "ann", "lease_s": 120.0, "granted_at": shell.now}
    assert claimed(shell, "bob") is None
    assert [review["case_id"] for review in shell.ask(Leases("ann"))["reviews"]] == ["a"]


@pytest.mark.covers("D04")
def test_an_expired_lease_brings_the_review_back_and_ends_the_holders_right() -> None:
    shell = shard(record("a"), record("b"))
    claimed(shell, "ann", lease_s=10)
    shell.advance(10)
    assert claimed(shell, "bob")["lease"] == {"id": 2, "reviewer": "bob", "lease_s": 120.0, "granted_at": shell.now}
    assert shell.ask(Leases("ann")) == {"reviews": []}


def test_leases_survive_a_recovery_and_still_end() -> None:
    shell = shard(record("a"))
    claimed(shell, "ann", lease_s=10)
    shell.recover()
    assert claimed(shell, "bob") is None
    shell.advance(10)
    assert claimed(shell, "bob")["case_id"] == "a"


def test_experts_have_a_queue_of_their_own() -> None:
    shell = shard(record("a", action="expert", priority="urgent"))
    assert claimed(shell) is None
    assert claimed(shell, queue="digits.expert")["queue"] == "digits.expert"


def test_a_claim_of_an_empty_queue_is_not_recorded() -> None:
    assert shard().events(Claim("digits", "ann")) == []


@pytest.mark.parametrize("queue", ["letters", "digits.other", "digits.expert.expert", ""])
def test_an_unknown_queue_is_not_found(queue: str) -> None:
    with pytest.raises(NotFound):
        shard().send(Claim(queue, "ann"))


@pytest.mark.parametrize("lease_s", [0.0, -1.0, 3_600.5, 86_401.0, float("nan"), float("inf")])
def test_a_lease_has_a_sane_length(lease_s: float) -> None:
    with pytest.raises(InvalidInput):
        shard(record("a")).send(Claim("digits", "ann", lease_s))


def test_the_head_is_what_the_next_claim_gets() -> None:
    shell = shard(record("a"), record("b", priority="high"))
    head = {"rank": 1, "priority": "high", "turn_at": shell.now, "review_id": "b-1"}
    assert shell.ask(QueueHeads("digits")) == {"heads": [head]}
    assert shell.ask(QueueHeads("tumours")) == {"heads": []}


@pytest.mark.covers("003-63")
def test_queue_statistics_count_what_waits_and_how_long() -> None:
    shell = shard(record("a"), record("b"), record("c", priority="high"))
    claimed(shell, "ann", lease_s=1000)
    shell.advance(7)
    stats = shell.ask(QueueStats())["queues"]
    assert list(stats) == ["digits", "digits.expert", "tumours", "tumours.expert"]
    assert stats["digits"] == {
        "waiting": 2,
        "by_priority": {"urgent": 0, "high": 0, "normal": 2, "low": 0},
        "oldest_opened_at": shell.now - 7,
        "oldest_age_s": 7.0,
        "leased": 1,
    }


def test_the_cursor_never_passes_a_case_that_is_not_open() -> None:
    shell = shard(record("a"))
    with pytest.raises(SequenceConflict):
        shell.send(OpenReview(record("c"), 5, after=3))
    shell.send(OpenReview(record("b"), 3, after=1))
    shell.send(OpenReview(record("c"), 5, after=3))
    assert shell.ask(Cursor()) == {"position": 5}


def test_an_automatic_case_is_not_reviewed() -> None:
    with pytest.raises(InvalidInput):
        shard().send(OpenReview(record("a", action="automatic", priority=None), 1))


def test_a_task_that_is_no_longer_configured_keeps_its_reviews_but_takes_no_answers() -> None:
    shell = shard(record("a", task="letters"))
    review = claimed(shell, queue="letters")
    with pytest.raises(NotFound):
        shell.send(Decide(review["review_id"], 1, "ann", "2"))
    shell.send(Escalate(review["review_id"], 1, "ann"))
    assert claimed(shell, queue="letters.expert")["case_id"] == "a"
