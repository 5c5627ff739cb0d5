"""A long queue costs no more to decide on than a short one."""

from time import thread_time

import pytest

from hitl.review import Claim, OpenReview
from hitl.review.state import ReviewState
from tests.fakes.reviews import machine, record


def _filled(reviews: int) -> ReviewState:
    shard = machine()
    state = shard.initial()
    for position in range(1, reviews + 1):
        event = shard.decide(state, OpenReview(record(f"c{position}"), position), 0.0).events[0]
        shard.evolve(state, event, 0.0)
    return state


def _seconds_a_claim(state: ReviewState, claims: int = 300) -> float:
    shard = machine()
    people = [f"reviewer-{state.last_lease + number}" for number in range(claims)]  # nobody's hand is ever full
    started = thread_time()
    for person in people:
        for event in shard.decide(state, Claim("digits", person), 0.0).events:
            shard.evolve(state, event, 0.0)
    return (thread_time() - started) / claims


@pytest.mark.slow
def test_a_claim_among_a_hundred_thousand_is_not_ten_times_one_among_a_thousand() -> None:
    short, long = _filled(1_000), _filled(100_000)
    assert min(_seconds_a_claim(long) for _ in range(3)) < 10 * _seconds_a_claim(short)
