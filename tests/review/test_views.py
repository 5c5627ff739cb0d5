"""A review reads the same in an answer, in the archive and in the compared state."""

import json
from typing import Any

import msgspec
import pytest

from hitl.canonical import canonical
from hitl.journal import Commit
from hitl.machine.asked import answer_of, plain_of
from hitl.review import Amend, Assign, Claim, Decide, Escalate, Release, Reopen, SaveDraft, Undo
from hitl.review.show import show, view_of
from hitl.review.views import DecidedReview, HandedOnReview
from tests.fakes.reviews import ReviewShell, claimed, record, shard


def worked() -> ReviewShell:
    """A review with a draft, a lost lease, two answers and an amendment."""
    shell = shard(record("a"), review={"undo_s": 0.0})
    held = claimed(shell, "ann")
    shell.send(SaveDraft("a-1", held["lease"]["id"], "ann", {"label": "2", "sure": 0.5}))
    shell.send(Release("a-1", held["lease"]["id"], "ann", "lunch"))
    held = claimed(shell, "bob")
    shell.send(Decide("a-1", held["lease"]["id"], "bob", "2", 0.9))
    shell.send(Amend("a-1", "eve", "0", "a slip"))
    return shell


def as_json(value: Any) -> Any:
    return json.loads(canonical(value))


def test_a_view_says_what_the_archive_keeps() -> None:
    shell = worked()
    shell.send(Reopen("a-1", "eve", "look again"))
    claimed(shell, "cid")
    for review in shell.state.reviews.values():
        told = as_json(plain_of(view_of(review)))
        assert told.pop("automatic_parts") == [], "the archive leaves it out where there are none"
        for name in ("differs", "corrected_parts", "near_answers"):
            assert [answer.pop(name) for answer in told["answers"]] == [None] * len(review.answers)
        assert told == as_json(show(review))


COMMANDS = [
    Claim("digits", "ann", 30.0),
    SaveDraft("a-1", 1, "ann", {"label": "2"}),
    Escalate("a-1", 1, "ann", "odd"),
    Assign("a-1", "person:eve", "op"),
    Claim("digits.expert", "eve"),
    Decide("a-1", 2, "eve", "2", 0.9),
    Undo("a-1", "eve"),
]


def test_a_stored_answer_comes_back_as_it_was_told() -> None:
    shell = shard(record("a"), review={"undo_s": 60.0})
    for command in COMMANDS:
        told = shell.machine.decide(shell.state, command, shell.now).answer
        shell.send(command)
        assert answer_of(command, Commit.decode(shell.entries[-1].body).answer) == told


@pytest.mark.parametrize(("overlap", "kind"), [(1, DecidedReview), (2, HandedOnReview)])
def test_an_answer_that_is_handed_on_comes_back_as_one(overlap: int, kind: type[object]) -> None:
    shell = shard(record("a"), review={"overlap": overlap})
    command = Decide("a-1", claimed(shell)["lease"]["id"], "ann", "2")
    shell.send(command)
    assert isinstance(answer_of(command, Commit.decode(shell.entries[-1].body).answer), kind)


def test_an_answer_of_another_form_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        answer_of(Decide("a-1", 1, "ann", "2"), {"status": "lost"})
