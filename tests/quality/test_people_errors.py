"""How often people err, counted without their own vote in the truth."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.people_errors import PeopleTally, error_of_person, people_tally, tally_by_person
from hitl.quality.reviewers import figures_of, people_of, truth_without

ITEM = SettledReview("r", "c", "review", True, "a", "a", 0.9, "all", "m", "p", False, ("gold",), 0.1, 0.0, 0.0, 1.0)


def pairs(error: float, items: int, seed: int, labels: str = "ab") -> list[SettledReview]:
    """Items whose truth is ``a``, answered by two people, and by an expert where these differ."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(items):
        one, other = (str(rng.choice(list(labels[1:]))) if rng.random() < error else "a" for _ in range(2))
        votes = (("ann", one), ("ben", other))
        if one == other:
            found.append(replace(ITEM, label=one, votes=votes))
        else:
            found.append(replace(ITEM, label="a", votes=(*votes, ("eve", "a")), expert_agreed=other == "a"))
    return found


@pytest.mark.parametrize("labels", ["ab", "abcdef"])
def test_the_interval_holds_the_truth_where_people_err_together_by_chance(labels: str) -> None:
    found = [people_tally(pairs(0.10, 600, seed, labels)).error() for seed in range(60)]
    assert np.mean([each.low <= 0.10 <= each.high for each in found]) >= 0.9


def test_pairs_that_agree_on_a_wrong_label_are_counted() -> None:
    tally = people_tally(pairs(0.10, 20_000, seed=1))
    assert tally.error().value == pytest.approx(0.10, abs=0.004)
    votes = [(vote, each.label) for each in pairs(0.10, 20_000, seed=1) for _, vote in each.votes[:2]]
    assert np.mean([vote != label for vote, label in votes]) < 0.093


def test_an_expert_who_confirms_one_vote_is_no_second_vote() -> None:
    confirmed = replace(ITEM, votes=(("ann", "a"), ("eve", "a")), expert_agreed=True)
    assert people_tally([confirmed]) == PeopleTally()


def test_pairs_that_saw_a_suggestion_do_not_count() -> None:
    assert people_tally([replace(ITEM, is_blind=False, votes=(("ann", "a"), ("ben", "a")))]) == PeopleTally()


def test_answers_to_known_items_count_by_their_truth() -> None:
    known = [KnownAnswer("ann", "b", "a", None), KnownAnswer("ann", "a", "a", None), KnownAnswer("ann", "b", "a", "b")]
    assert people_tally([], known).error().value == 0.5


def test_without_either_source_nothing_is_known() -> None:
    assert (people_tally([]).error().value, people_tally([]).error().high) == (None, 1.0)


def test_people_who_guess_have_no_bound() -> None:
    assert PeopleTally(differing=55, pairs=100).error().high == 1.0


ERRORS = {"ann": 0.15, "ben": 0.08, "cid": 0.04, "dan": 0.04}


def several(items: int, seed: int, errors: dict[str, float]) -> list[SettledReview]:
    """Items whose truth is ``a``, answered by two of the people, and by an expert where these differ."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(items):
        two = rng.permutation(list(errors))[:2].tolist()
        votes = tuple((name, "b" if rng.random() < errors[name] else "a") for name in two)
        if votes[0][1] == votes[1][1]:
            found.append(replace(ITEM, label=votes[0][1], votes=votes))
        else:
            found.append(replace(ITEM, label="a", votes=(*votes, ("eve", "a")), expert_agreed=votes[1][1] == "a"))
    return found


def test_each_persons_interval_holds_their_error() -> None:
    held = []
    for seed in range(40):
        shown = figures_of(people_of(several(800, seed, ERRORS)))
        held += [shown[name].error.low <= error <= shown[name].error.high for name, error in ERRORS.items()]
    assert np.mean(held) >= 0.95


def test_ones_own_vote_makes_no_truth() -> None:
    """Two people who err together settle an item to their error: held against it, both of them would be right there."""
    alike = {"ann": 0.10, "ben": 0.10, "cid": 0.10}
    answers = several(30_000, 1, alike)
    found = figures_of(people_of(answers))["ann"].error
    votes = [(label, each.label) for each in answers for name, label in each.votes if name == "ann"]
    assert np.mean([vote != label for vote, label in votes]) < 0.093
    assert found.value == pytest.approx(0.10, abs=0.006)


def test_of_two_people_alone_nobody_can_tell_who_errs() -> None:
    found = error_of_person(PeopleTally(differing=18, pairs=100), PeopleTally(differing=18, pairs=100))
    assert found.low == 0.0 < 0.1 < 0.18 < found.high
    assert found.value == pytest.approx(0.1, abs=0.001)


def test_known_answers_come_first_where_there_are_more_of_them() -> None:
    known = [KnownAnswer("ann", "b", "a", None)] * 2 + [KnownAnswer("ann", "a", "a", None)] * 2
    tallies = tally_by_person(several(3, 0, {"ann": 0.0, "ben": 0.0}), known)
    assert error_of_person(tallies["ann"], PeopleTally()).value == 0.5


@pytest.mark.parametrize(
    ("votes", "expert", "truths"),
    [
        ("a", None, [None]),
        ("aa", None, ["a", "a"]),
        ("ab", None, ["b", "a"]),
        ("aab", None, [None, None, "a"]),
        ("aabb", None, ["b", "b", "a", "a"]),
        ("abb", True, ["b", "b", None]),
        ("aab", False, ["b", "b", None]),
    ],
)
def test_the_truth_of_a_vote_is_what_the_others_say(votes: str, expert: bool | None, truths: list[str | None]) -> None:
    item = replace(ITEM, votes=tuple((f"p{at}", label) for at, label in enumerate(votes)), expert_agreed=expert)
    assert [truth_without(item, at) for at in range(len(votes))] == truths
