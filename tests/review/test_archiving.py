"""Settled cases leave memory for the archive; what the product promises about them holds as before."""

from typing import Any

import pytest

from examples.review_folds import Difference, fold_reviews
from hitl.canonical import digest_of
from hitl.errors import NotInMemory
from hitl.review import Amend, Archivable, ArchiveCases, Claim, Decide, OpenReview, RecallCase, Reopen, ReviewOf
from hitl.review.archiving import beside, packed, unpacked
from hitl.review.questions import Counters, Examples, SettledLabels
from hitl.review.show import show
from tests.fakes.reviews import record, shard
from tests.fakes.shell import Shell

CASES = 6


def settled(cases: int = CASES) -> Shell:
    """A shard whose cases are all decided."""
    shell = shard(*(record(f"c{number}") for number in range(cases)), review={"undo_s": 0})
    for _ in range(cases):
        review = shell.send(Claim("digits", "ann"))["review"]
        shell.send(Decide(review["review_id"], review["lease"]["id"], "ann", "2"))
    return shell


def archive(shell: Shell, kept: int, before: float = 0.0) -> dict[str, bytes]:
    """What left, as it is kept."""
    found = shell.ask(Archivable(kept, before, 100))["cases"]
    rows = {case_id: text.encode() for case_id, text in found}
    shell.send(ArchiveCases(tuple((case_id, digest_of(data)) for case_id, data in rows.items())), by="time")
    return rows


def answers(shell: Shell, state: Any) -> list[Any]:
    questions = [SettledLabels("digits", 0, 100), Examples("digits", 0, 100), Counters(), ReviewOf("c0-1")]
    return [shell.machine.query(state, question, shell.now) for question in questions]


def test_more_than_are_kept_leave_the_oldest_first() -> None:
    shell = settled()
    assert list(archive(shell, kept=2)) == ["c0", "c1", "c2", "c3"]
    assert sorted(shell.state.reviews) == ["c4-1", "c5-1"]
    assert archive(shell, kept=2) == {}


def test_what_is_old_leaves_however_few_there_are() -> None:
    shell = settled()
    assert archive(shell, kept=100, before=shell.now) == {}
    assert len(archive(shell, kept=100, before=shell.now + 1)) == CASES
    assert shell.state.reviews == {}


def test_every_question_gets_the_answer_that_it_got_before() -> None:
    shell = settled()
    before = answers(shell, shell.state)
    kept = archive(shell, kept=1)
    with pytest.raises(NotInMemory):
        shell.ask(SettledLabels("digits", 0, 100))
    found = [review for data in kept.values() for review in unpacked(data)]
    assert answers(shell, beside(shell.state, found)) == before


def test_a_replay_and_a_second_reading_lead_to_the_same_state() -> None:
    shell = settled()
    kept = archive(shell, kept=1)
    shell.send(RecallCase(tuple(show(review) for review in unpacked(kept["c1"]))))
    commits = [{"events": commit.events, "at": commit.at} for commit in shell.commits()]
    assert shell.replayed() == shell.plain() == fold_reviews(commits)
    shell.recover()


def test_a_replay_finds_a_case_that_came_back_as_another() -> None:
    shell = settled()
    (review,) = unpacked(archive(shell, kept=5)["c0"])
    shell.send(RecallCase(({**show(review), "prediction": "0"},)))
    with pytest.raises(Difference, match="c0-1 came back as another"):
        fold_reviews([{"events": commit.events, "at": commit.at} for commit in shell.commits()])


def test_a_case_that_changed_after_it_was_read_stays() -> None:
    shell = settled(1)
    (row,) = shell.ask(Archivable(0, 0.0, 1))["cases"]
    shell.send(Amend("c0-1", "eve", "0", "a slip"))
    assert shell.events(ArchiveCases(((row[0], digest_of(row[1].encode())),))) == []
    assert list(shell.state.reviews) == ["c0-1"]


def test_a_case_in_work_stays() -> None:
    shell = settled(2)
    shell.send(Reopen("c0-1", "eve", "look again"))
    assert list(archive(shell, kept=0)) == ["c1"]


def test_a_known_case_that_may_be_asked_again_stays() -> None:
    shell = settled(1)
    shell.state.known["digits"] = {"c0-1": None}
    assert archive(shell, kept=0) == {}


def test_an_archived_case_is_not_opened_again() -> None:
    shell = settled(2)
    archive(shell, kept=0)
    assert shell.events(OpenReview(record("c0"), 1)) == []
    assert shell.send(OpenReview(record("new"), 3))["review_id"] == "new-1"


def test_what_is_recalled_is_what_left_and_can_be_amended() -> None:
    shell = settled(1)
    before = show(shell.state.reviews["c0-1"])
    kept = archive(shell, kept=0)
    shell.send(RecallCase(tuple(show(review) for review in unpacked(kept["c0"]))))
    assert show(shell.state.reviews["c0-1"]) == before
    shell.send(Amend("c0-1", "eve", "0", "a slip"))
    assert [row["label"] for row in shell.ask(SettledLabels("digits", 0, 9))["labelled"]] == ["2", "0"]
    assert shell.state.archived == 0
    assert packed([shell.state.reviews["c0-1"]]) != kept["c0"]
