"""How often people err, counted without their own vote in the truth."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.people_errors import PeopleTally, people_tally

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
