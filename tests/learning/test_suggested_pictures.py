"""Suggestions among pictures: nothing is known of how alike they are, and every strategy still answers."""

import numpy as np
import pytest

from hitl.inference.pictures import PictureRow
from hitl.learning.suggesting import STRATEGIES, WaitingCase, suggest

SAID = [[0.5, 0.3, 0.2], [0.9, 0.05, 0.05], [0.34, 0.33, 0.33], [0.98, 0.01, 0.01], [0.6, 0.2, 0.2], [0.7, 0.2, 0.1]]
POOL = [WaitingCase(f"r{at}", PictureRow(f"{at:064x}"), [row, row]) for at, row in enumerate(SAID)]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_picks_different_pictures(strategy: str) -> None:
    picks = suggest(POOL, strategy, 4, np.random.default_rng(0))
    assert len({pick.index for pick in picks}) == 4


def test_the_least_sure_come_first_by_entropy() -> None:
    picks = [pick for pick in suggest(POOL, "entropy", 3, np.random.default_rng(0)) if pick.chosen_by == "entropy"]
    assert picks[0].index == 2
