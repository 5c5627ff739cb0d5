"""What packed votes tell of people is what their answers tell."""

import random

import pytest

from hitl.quality.answer_columns import Numbers
from hitl.quality.answers import KnownAnswer
from hitl.quality.concord import concord, concord_of
from hitl.quality.period import Period
from hitl.quality.reviewers import figures_of, people_of
from hitl.quality.traffic import SLOT_S
from hitl.quality.vote_columns import packed_vote, people_by_votes, vote_of_test, voted_cases_of, votes_of
from tests.quality.test_figures_of_columns import some_history

HALF = Period(600 * SLOT_S, 1_800 * SLOT_S)


def some_tests(rng: random.Random, count: int) -> list[KnownAnswer]:
    """Answers to known cases: blind, or beside a suggestion that is right or wrong."""
    found = []
    for number in range(count):
        truth, suggested = rng.choice("ab"), rng.choice([None, "a", "b"])
        found.append(KnownAnswer(rng.choice(["ann", "ben", "dan"]), rng.choice("ab"), truth, suggested, number * 9_000.0))
    return found


@pytest.mark.parametrize("period", [None, HALF])
@pytest.mark.parametrize("seed", range(4))
def test_people_by_packed_votes_are_people_by_their_answers(seed: int, period: Period | None) -> None:
    rng, numbers = random.Random(seed), Numbers[str]()
    _, answers, _ = some_history(rng, 300)
    tests = some_tests(rng, 60)
    votes = [vote for each in answers for vote in votes_of(each)] + [vote_of_test(each) for each in tests]
    numbers.of("no truth")  # people and labels are numbered from 1
    data = b"".join(packed_vote(each, numbers.of) for each in votes)
    asked = period or Period(0.0, 1e12)
    ours = [each for each in tests if asked.since <= each.at < asked.until]
    wanted = people_of(asked.answers(answers), ours)
    found = people_by_votes(data, period, numbers.value)
    assert found == wanted
    assert figures_of(found) == figures_of(wanted)
    assert sum(each.tests for each in found.values()) == len(ours) > 0


def test_agreement_is_resampled_by_cases_however_many_look_alike() -> None:
    _, answers, _ = some_history(random.Random(7), 400)
    found = concord_of(voted_cases_of(answers), ["all", "old", "unseen"], ["a", "b"])
    wanted = concord(answers, ["a", "b"])
    assert (found.cases, found.raw, found.alpha, found.blind) == (wanted.cases, wanted.raw, wanted.alpha, wanted.blind)
    assert found.cases == sum(len(each.votes) > 1 for each in answers)
    assert found.segments["unseen"].raw.value is None
