"""Warnings, breaches, measured rates, and a decided review that is taken up again."""

import pytest

from hitl.errors import NotReopenable
from hitl.review import CountAhead, Counters, Decide, OpenReview, OutcomeOf, Reopen, ReviewOf
from hitl.review.pace import Pace, Rates, rates, reviewers_needed, together, wait_s
from tests.fakes.reviews import DAY_S, claimed, record, shard
from tests.fakes.shell import Shell


def _types(shell: Shell) -> list[str]:
    return [event["type"] for commit in shell.commits() for event in commit.events]


@pytest.mark.covers("003-55")
def test_a_review_warns_before_its_deadline_and_escalates_at_it() -> None:
    shell = shard(record("a"))
    shell.advance(0.8 * DAY_S)
    assert _types(shell)[-1] == "ReviewDueSoon"
    shell.recover()
    shell.advance(0.2 * DAY_S)
    assert _types(shell)[1:] == ["ReviewDueSoon", "ReviewOverdue"]
    assert shell.ask(ReviewOf("a-1"))["review"]["queue"] == "digits.expert"


def test_an_answered_review_warns_nobody() -> None:
    shell = shard(record("a"))
    claimed(shell)
    shell.send(Decide("a-1", 1, "ann", "2"))
    shell.advance(DAY_S)
    assert "ReviewDueSoon" not in _types(shell)


def test_the_place_in_line_counts_what_is_more_pressing_or_older() -> None:
    shell = shard(record("a"))
    shell.advance(1)
    shell.send(_open("b", 2, "normal"))
    shell.advance(1)
    shell.send(_open("c", 3, "urgent"))
    place = shell.ask(OutcomeOf("b"))["place"]
    assert place["time_in_queue_s"] == 1.0
    assert shell.ask(CountAhead("digits", place["priority"], place["turn_at"]))["ahead"] == 2


def _open(case: str, position: int, priority: str) -> OpenReview:

    return OpenReview(record(case, priority=priority), position)


def test_rates_are_measured_and_fall_while_nothing_happens() -> None:
    shell = shard(*(record(case) for case in "abc"))
    for lease, case in enumerate("abc", start=1):
        claimed(shell)
        shell.advance(10)
        shell.send(Decide(f"{case}-1", lease, "ann", "2"))
    measured = shell.ask(CountAhead("digits", "low", shell.now))["rates"]
    assert (measured["answers_per_s"], measured["handling_s"]) == (0.1, 10.0)
    shell.advance(180)
    assert shell.ask(CountAhead("digits", "low", shell.now))["rates"]["answers_per_s"] == 0.01


def test_a_forecast_counts_what_waits_and_what_arrives() -> None:
    assert reviewers_needed(100, Rates(1 / 60, None, 72.0), 4 * 3600.0) == pytest.approx(1.7)
    assert reviewers_needed(100, Rates(1 / 60, None, None), 3600.0) is None


def test_nothing_is_known_before_two_events() -> None:
    assert rates(Pace(), 10.0) == Rates(None, None, None)
    assert wait_s(3, Rates(None, None, None)) is None


def test_the_shards_rates_add_up() -> None:
    both = together([Rates(1.0, 0.1, 10.0), Rates(2.0, 0.3, 30.0), Rates(None, None, None)])
    assert both == Rates(3.0, pytest.approx(0.4), pytest.approx(25.0))


def _decided() -> Shell:
    shell = shard(record("a", prediction="1"))
    claimed(shell, "ann")
    shell.send(Decide("a-1", 1, "ann", "2"))
    return shell


def test_a_reopened_review_is_a_new_record_and_the_outcome_stands_until_it_ends() -> None:
    shell = _decided()
    assert shell.send(Reopen("a-1", "eve", "complaint"))["review_id"] == "a-2"
    assert shell.ask(OutcomeOf("a"))["outcome"]["label"] == "2"
    review = claimed(shell, "bob")
    assert (review["reopens"], review["escalation"], review["priority"]) == ("a-1", "complaint", "high")
    shell.send(Decide("a-2", review["lease"]["id"], "bob", "1"))
    outcome = shell.ask(OutcomeOf("a"))
    assert ([each["label"] for each in outcome["outcomes"]], outcome["outcome"]["label"]) == (["2", "1"], "1")


def test_a_reopened_review_may_be_sent_back_to_one_person() -> None:
    shell = _decided()
    shell.send(Reopen("a-1", "eve", "you missed the loop", "person:ann"))
    assert claimed(shell, "bob") is None
    assert claimed(shell, "ann")["review_id"] == "a-2"


def test_only_the_newest_review_of_a_case_is_reopened() -> None:
    shell = _decided()
    shell.send(Reopen("a-1", "eve", "complaint"))
    for review_id in ("a-1", "a-2"):
        with pytest.raises(NotReopenable):
            shell.send(Reopen(review_id, "eve", "again"))


def test_a_confirming_second_review_leaves_the_outcome_alone() -> None:
    shell = _decided()
    shell.send(Reopen("a-1", "eve", "complaint"))
    review = claimed(shell, "bob")
    shell.send(Decide("a-2", review["lease"]["id"], "bob", "2"))
    assert shell.ask(OutcomeOf("a"))["version"] == 1
    assert shell.ask(Counters())["tasks"]["digits"]["decided"] == 2
