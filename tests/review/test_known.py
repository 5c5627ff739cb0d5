"""Cases whose answer is known come back unmarked: they say something of people, and change nothing else."""

import json
from typing import Any

import pytest

from hitl.errors import NotReopenable, NotUndoable
from hitl.review import Amend, Claim, Decide, Examples, KnownAnswers, OpenReview, OutcomeOf, Reopen, ReviewOf, SettledLabels
from hitl.review.known import asked_beside
from hitl.review.terms import QueueTerms
from hitl.tasks.answer_terms import NONE_OF_THESE
from hitl.tasks.people_terms import ReviewTerms
from tests.fakes.reviews import ReviewShell, claimed, machine, record, spec
from tests.fakes.shell import Shell
from tests.fakes.stranger import review_folds

BLIND = {"known": {"share": 0.2}}
SHOWN_WRONG = {"known": {"share": 0.2, "suggested": 1.0, "wrong": 1.0}}
SHOWN_RIGHT = {"known": {"share": 0.2, "suggested": 1.0, "wrong": 0.0}}


def decided(shell: Shell, who: str, label: str, queue: str = "digits") -> dict[str, Any]:
    held = claimed(shell, who, queue)
    return shell.send(Decide(held["review_id"], held["lease"]["id"], who, label))


def with_one_known(review: dict[str, Any], present: tuple[str, ...] = ("bob",)) -> Shell:
    """``truth`` is a case that an expert has settled as 2, and ``present`` have been at the queue."""
    shell = ReviewShell(machine(**review))
    shell.send(OpenReview(record("truth", action="expert"), 1))
    decided(shell, "eva", "2", "digits.expert")
    for position, who in enumerate(present, start=2):
        shell.send(OpenReview(record(f"first-{who}"), position))
        decided(shell, who, "1")
    return shell


def asked(shell: Shell) -> dict[str, Any]:
    """Cases are opened until one of them brings the known one back."""
    for number in range(100, 300):
        events = shell.events(OpenReview(record(f"case-{number}", salt=f"{number:04x}"), number))
        if len(events) > 1:
            return events[1]
    raise AssertionError("nothing was asked again")


def answer(shell: Shell, who: str, review_id: str, label: str) -> dict[str, Any]:
    """``who`` answers what comes until ``review_id``, and that with ``label``."""
    while (held := claimed(shell, who))["review_id"] != review_id:
        shell.send(Decide(held["review_id"], held["lease"]["id"], who, "1"))
    return shell.send(Decide(review_id, held["lease"]["id"], who, label))


def rows(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell.ask(KnownAnswers("digits", 0, 100))["answers"]
    return found


def test_the_probability_stands_in_every_review_drawn_or_not() -> None:
    shell = with_one_known(BLIND)
    asked(shell)
    opened = [event for commit in shell.commits() for event in commit.events if event["type"] == "ReviewOpened"]
    assert {event["known_probability"] for event in opened if event["case_id"].startswith("case-")} == {0.2}
    assert {event.get("known_probability", 0.0) for event in opened if event["case_id"] == "truth"} == {0.0}


def test_about_the_share_is_asked_again() -> None:
    shell, terms = with_one_known(BLIND), QueueTerms({"digits": spec(review=BLIND)}, 3600.0)
    cases = [record(f"case-{number}", salt=f"{number:04x}") for number in range(2_000)]
    (beside,) = machine().decide(shell.state, OpenReview(record("another"), 9), shell.now).events
    drawn = [len(asked_beside(shell.state, case, beside, terms, shell.now)) == 2 for case in cases]
    assert 350 <= sum(drawn) <= 450


@pytest.mark.parametrize(("review", "shown"), [(BLIND, None), (SHOWN_WRONG, "another"), (SHOWN_RIGHT, "2")])
def test_it_is_shown_as_its_terms_say_and_never_marked(review: dict[str, Any], shown: str | None) -> None:
    shell = with_one_known(review)
    event = asked(shell)
    said = shell.ask(ReviewOf(event["review_id"], "bob"))["review"]
    assert said["prediction"] == (event["known"]["suggested"] if shown else None)
    assert (shown == "another") == (said["prediction"] in ("0", "1"))
    assert (shown == "2") == (said["prediction"] == "2")
    assert "Known" not in json.dumps(said)
    assert (said["known"], said["barred"], said["reopens"]) == (None, [], None)
    assert said["purpose"] in (None, "review")


def test_after_the_answer_it_still_looks_like_any_other() -> None:
    shell = with_one_known(BLIND)
    review_id = asked(shell)["review_id"]
    told = answer(shell, "bob", review_id, "0")
    said = shell.ask(ReviewOf(review_id, "bob"))["review"]
    assert (told["status"], told["label"]) == ("decided", "0")
    assert (said["known"], said["purpose"], "Known" in json.dumps(said)) == (None, "gold", False)


def test_its_answer_is_compared_and_changes_neither_outcome_nor_examples() -> None:
    shell = with_one_known(BLIND)
    before = (len(shell.ask(Examples("digits", 0, 99))["examples"]), shell.ask(OutcomeOf("truth"))["outcomes"])
    answers = len(shell.ask(SettledLabels("digits", 0, 99))["labelled"])
    review_id = asked(shell)["review_id"]
    shell.send(Claim("digits", "bob"))
    held = shell.state.reviews[review_id]
    answer(shell, "bob", review_id, "0")
    (row,) = rows(shell)
    assert (row["reviewer"], row["label"], row["truth"], row["probability"]) == ("bob", "0", "2", 0.2)
    assert shell.ask(OutcomeOf("truth"))["outcomes"] == before[1]
    known = [one for one in shell.ask(Examples("digits", 0, 999))["examples"] if one["review_id"] == review_id]
    labelled = [one for one in shell.ask(SettledLabels("digits", 0, 999))["labelled"] if one["review_id"] == review_id]
    assert (known, labelled, held.outcomes) == ([], [], [])
    assert answers == before[0]


def test_who_answered_a_case_is_never_asked_it_again() -> None:
    shell = with_one_known(BLIND, present=("bob", "eva"))
    event = asked(shell)
    assert event["barred"] == ["eva"]
    ids = []
    while (held := shell.send(Claim("digits", "eva"))["review"]) is not None:
        ids.append(held["review_id"])
    assert event["review_id"] not in ids


def test_nothing_is_asked_while_nobody_else_is_there() -> None:
    shell = with_one_known(BLIND, present=("eva",))
    opened = [shell.events(OpenReview(record(f"case-{n}", salt=f"{n:04x}"), n)) for n in range(100, 200)]
    assert all(len(events) == 1 and events[0]["known_probability"] == 0.0 for events in opened)


def test_the_outcome_of_its_case_is_hidden_from_who_may_answer() -> None:
    shell = with_one_known(SHOWN_WRONG)
    asked(shell)
    assert shell.ask(OutcomeOf("truth", 0, "bob"))["is_blind"] is True
    assert shell.ask(OutcomeOf("truth", 0, None))["is_blind"] is False


def test_it_can_be_neither_amended_nor_reopened_and_its_case_still_can() -> None:
    shell = with_one_known(BLIND)
    review_id = asked(shell)["review_id"]
    answer(shell, "bob", review_id, "0")
    with pytest.raises(NotUndoable):
        shell.send(Amend(review_id, "eva", "1", "no"))
    with pytest.raises(NotReopenable):
        shell.send(Reopen(review_id, "eva", "again"))
    assert shell.send(Reopen("truth-1", "eva", "again"))["reopens"] == "truth-1"


def test_replay_and_another_program_agree() -> None:
    shell = with_one_known(SHOWN_WRONG)
    answer(shell, "bob", asked(shell)["review_id"], "0")
    assert shell.replayed() == shell.plain()
    commits = [json.loads(entry.body) for entry in shell.entries]
    folded, live = review_folds.fold_reviews(commits), shell.plain()
    assert {name: folded[name] for name in folded} == {name: live[name] for name in folded}


def test_a_blind_task_shows_no_suggestions() -> None:
    with pytest.raises(ValueError, match=r"known\.suggested"):
        ReviewTerms.model_validate({"blind": True, "known": {"share": 0.1, "suggested": 0.5}})


def test_the_one_whose_answer_would_tell_most_comes_first() -> None:
    """Ann and bob are known to be right, cid to guess: after dan's doubtful answer the next best is preferred."""
    terms = {"consensus": {"target": 0.95, "max_answers": 5}}
    shell = ReviewShell(machine(**terms))
    for number in range(1, 21):
        shell.state.lessons.setdefault("digits", {})
        for who, right in (("ann", True), ("cid", number % 3 == 0)):
            lessons = shell.state.lessons["digits"].setdefault(who, [])  # type: ignore[arg-type]
            lessons.append(("1", "1" if right else "0"))
            lessons.append(("2", "2" if right else "0"))
    for position, case in enumerate(("one", "two"), start=1):
        shell.send(OpenReview(record(case), position))
    shell.send(Claim("digits", "zed"))
    held = claimed(shell, "dan")
    assert held["review_id"] == "two-1"
    shell.send(Decide("two-1", held["lease"]["id"], "dan", "1"))
    assert shell.state.reviews["two-1"].preferred == "ann"
    shell.send(OpenReview(record("zero", priority="normal"), 3))
    shell.advance(200.0)
    assert claimed(shell, "cid")["review_id"] == "one-1"
    assert claimed(shell, "ann")["review_id"] == "two-1"


def test_what_no_label_fits_is_never_shown_as_the_models_word() -> None:
    shell = ReviewShell(machine(**SHOWN_RIGHT))
    shell.send(OpenReview(record("truth", action="expert"), 1))
    decided(shell, "eva", NONE_OF_THESE, "digits.expert")
    shell.send(OpenReview(record("first-bob"), 2))
    decided(shell, "bob", "1")
    event = asked(shell)
    assert (event["known"]["label"], event["known"]["suggested"], event["blind"]) == (NONE_OF_THESE, None, True)
