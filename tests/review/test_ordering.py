"""What teaches the model the most is handed out first; no check, no deadline and no case that waited long comes later for it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hitl.errors import InvalidInput
from hitl.intake import CaseRecord
from hitl.machine.codec import decode, encode
from hitl.review import (
    CountAhead,
    Decide,
    Escalate,
    LookAhead,
    OpenReview,
    Orderable,
    OrderReviews,
    OutcomeOf,
    QueueStats,
    Release,
    ReviewOf,
    ReviewState,
)
from hitl.review.ordering import informativeness
from hitl.tasks.people_terms import ReviewTerms
from tests.fakes.reviews import DAY_S, ReviewShell, claimed, machine, record, shard
from tests.fakes.shell import START

HYBRID = {"order": "hybrid"}
WINDOW_S = DAY_S / 2
MODEL = "m" * 64


def unsure(case_id: str, worth: float, **given: Any) -> CaseRecord:
    """A case whose answer teaches so much, in [0, 1]."""
    return record(case_id, probabilities=[1 - worth / 2, worth / 2, 0.0], **given)


def drawn(case_id: str, **given: Any) -> CaseRecord:
    """A blind check that the model is sure of."""
    return unsure(case_id, 0.0, streams=["gold"], gold_probability=0.1, **given)


def in_turn(shell: ReviewShell, count: int) -> list[str]:
    return [claimed(shell)["case_id"] for _ in range(count)]


def test_the_least_sure_is_handed_out_first_within_a_priority() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), unsure("c", 0.5), unsure("d", 0.0, priority="high"), review=HYBRID)
    assert in_turn(shell, 4) == ["d", "b", "c", "a"]


def test_by_default_age_alone_counts_and_no_turn_is_journalled() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9))
    assert in_turn(shell, 2) == ["a", "b"]
    assert b"turn_at" not in b"".join(entry.body for entry in shell.entries)


def test_without_a_model_age_counts() -> None:
    shell = shard(*(record(name, probabilities=None, prediction=None) for name in "abc"), review=HYBRID)
    assert in_turn(shell, 3) == ["a", "b", "c"]


def test_experts_get_their_reviews_by_age() -> None:
    cases = [unsure("a", 0.1, action="expert", priority="urgent"), unsure("b", 0.9, action="expert", priority="urgent")]
    shell = shard(*cases, unsure("c", 1.0, priority="urgent"), review=HYBRID)
    mine = claimed(shell)
    shell.send(Escalate(mine["review_id"], mine["lease"]["id"], "ann", "unsure"))
    assert [claimed(shell, "eve", "digits.expert")["case_id"] for _ in range(3)] == ["a", "b", "c"]


def test_what_comes_back_waits_for_its_turn() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), review=HYBRID)
    mine = claimed(shell)
    shell.send(Release(mine["review_id"], mine["lease"]["id"], "ann", "lunch"))
    assert claimed(shell, "bob")["case_id"] == "b"


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("open", "check", "claim", "order")), st.floats(0, 1), st.sampled_from((0.0, 60.0, 3_600.0, WINDOW_S / 2))
    ),
    max_size=40,
)


@given(EVENTS)
def test_no_check_and_nothing_that_waited_long_is_overtaken(steps: list[tuple[str, float, float]]) -> None:
    """No check is behind what was opened after it, and no review behind what was opened a window after it."""
    shell = ReviewShell(machine(order="hybrid", lease_s=DAY_S, capacity=None))
    for number, (kind, worth, seconds) in enumerate(steps, start=1):
        shell.advance(seconds)
        if kind == "claim":
            taken = claimed(shell)
            waiting = [each for each in shell.state.reviews.values() if each.queue == "digits" and each.status == "waiting"]
            for each in waiting if taken else ():
                wait_s = 0.0 if each.purpose == "gold" else WINDOW_S
                assert taken["opened_at"] <= each.opened_at + wait_s
        elif kind == "order":
            names = tuple((f"{at}-1", (worth * at) % 1) for at in range(1, number))
            shell.send(OrderReviews("digits", MODEL, names))
        else:
            case = drawn(str(number)) if kind == "check" else unsure(str(number), worth)
            shell.send(OpenReview(case, number))


def test_the_order_can_change_while_reviews_wait() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), unsure("c", 0.5), drawn("d"), review=HYBRID)
    assert shell.ask(Orderable("digits", 9)) == {"ordered_by": None, "review_ids": ["b-1", "c-1", "a-1"]}
    assert shell.send(OrderReviews("digits", MODEL, (("a-1", 1.0), ("b-1", 0.0)))) == {"ordered": 2}
    assert shell.ask(Orderable("digits", 2)) == {"ordered_by": MODEL, "review_ids": ["a-1", "c-1"]}
    assert in_turn(shell, 4) == ["a", "d", "c", "b"]


@pytest.mark.parametrize("review_id", ["b-1", "c-1", "d-1", "z-1"])
def test_only_ordinary_reviews_that_wait_get_another_turn(review_id: str) -> None:
    """Here b is held, c is a blind check, d is with the experts and z is none."""
    cases = [unsure("a", 0.1), unsure("b", 0.9), drawn("c"), unsure("d", 0.5, action="expert", priority="urgent")]
    shell = shard(*cases, review={**HYBRID, "lease_s": 900.0})
    claimed(shell)
    claimed(shell)
    before = shell.plain()
    assert shell.send(OrderReviews("digits", MODEL, ((review_id, 0.3),))) == {"ordered": 0}
    assert shell.plain() == before


def test_a_queue_that_goes_by_age_is_not_ordered() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9))
    assert shell.events(OrderReviews("digits", MODEL, (("a-1", 0.0), ("b-1", 1.0)))) == []


@pytest.mark.parametrize("worth", [-0.1, 1.1, float("nan")])
def test_what_an_answer_teaches_is_a_share(worth: float) -> None:
    with pytest.raises(InvalidInput):
        shard(unsure("a", 0.1), review=HYBRID).send(OrderReviews("digits", MODEL, (("a-1", worth),)))


def test_a_task_that_goes_back_to_age_forgets_nothing_that_waits() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), review=HYBRID)
    shell.machine = machine()
    shell.advance(WINDOW_S)
    for position, name in enumerate("cd", start=3):
        shell.send(OpenReview(unsure(name, 0.5), position))
    assert in_turn(shell, 4) == ["b", "a", "c", "d"]


def test_what_was_opened_by_age_comes_before_what_is_ordered() -> None:
    shell = shard(unsure("a", 0.0))
    shell.machine = machine(order="hybrid")
    shell.send(OpenReview(unsure("b", 1.0), 2))
    assert in_turn(shell, 2) == ["a", "b"]


def test_the_oldest_is_told_whoever_is_next() -> None:
    shell = shard(unsure("a", 0.1), review=HYBRID)
    shell.advance(60)
    shell.send(OpenReview(unsure("b", 0.9), 2))
    assert shell.ask(QueueStats())["queues"]["digits"]["oldest_opened_at"] == START
    assert claimed(shell)["case_id"] == "b"
    mine = claimed(shell)
    shell.send(Decide(mine["review_id"], mine["lease"]["id"], "ann", "1"))
    assert shell.ask(QueueStats())["queues"]["digits"]["oldest_opened_at"] is None


def test_the_place_in_line_is_that_of_the_turn() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), unsure("c", 0.5), review=HYBRID)
    place = shell.ask(OutcomeOf("c"))["place"]
    assert place["turn_at"] == START + WINDOW_S / 2
    assert shell.ask(CountAhead("digits", "normal", place["turn_at"]))["ahead"] == 1


def test_nobody_sees_a_turn() -> None:
    """It would tell how sure the model is, and what is a check."""
    shell = shard(unsure("a", 0.1), review={**HYBRID, "blind": True})
    listed = shell.ask(LookAhead("digits", "ann"))
    assert "turn_at" not in listed["reviews"][0]
    assert "turn_at" not in shell.ask(ReviewOf("a-1", "ann"))["review"]


def test_a_known_case_waits_beside_the_review_that_it_was_drawn_with() -> None:
    known = {"share": 0.2, "suggested": 0.0}
    shell = shard(unsure("a", 0.1), review={**HYBRID, "known": known, "overlap": 2})
    for person in ("ann", "bob"):
        mine = claimed(shell, person)
        shell.send(Decide(mine["review_id"], mine["lease"]["id"], person, "1"))
    shell.send(OpenReview(unsure("b", 0.5), 2))
    claimed(shell, "cid")
    for position in range(3, 60):
        shell.send(OpenReview(replace(unsure(f"n{position}", 0.5), salt=str(position)), position))
    asked = [each for each in shell.state.reviews.values() if each.purpose == "known"]
    beside = {each.position: each.turn_at for each in shell.state.reviews.values() if each.purpose == "review"}
    assert asked
    assert all(each.turn_at == beside[each.position] for each in asked)


def test_a_snapshot_holds_the_order() -> None:
    shell = shard(unsure("a", 0.1), unsure("b", 0.9), drawn("c"), review=HYBRID)
    shell.send(OrderReviews("digits", MODEL, (("a-1", 1.0),)))
    found = decode(ReviewState, encode(shell.state))
    assert found == shell.state
    assert found.queues.oldest("digits", shell.state.reviews["a-1"].priority) == "a-1"


def test_a_window_ends_before_the_warning() -> None:
    with pytest.raises(ValidationError, match="at most warn_share"):
        ReviewTerms(order="hybrid", warn_share=0.5, overtaken_share=0.6)
    assert ReviewTerms(warn_share=0.3).order == "age"


@pytest.mark.parametrize(("said", "worth"), [(None, 1.0), ([1.0], 1.0), ([1.0, 0.0], 0.0), ([0.25, 0.25, 0.5], 0.75)])
def test_what_an_answer_teaches_is_how_little_the_best_label_leads(said: list[float] | None, worth: float) -> None:
    assert informativeness(said) == worth
