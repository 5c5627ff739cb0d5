"""Tests between two models on the same rows."""

import numpy as np
import pytest
from scipy.stats import binomtest

from hitl.quality.promotion import (
    SegmentVerdict,
    cycle_level,
    holm,
    log_e_better,
    mcnemar_p,
    paired_gain,
    segment_evidence,
)


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (0, 5), (9, 1), (20, 15), (100, 60)])
def test_mcnemar_is_the_exact_binomial_test(wins: int, losses: int) -> None:
    expected = binomtest(wins, wins + losses, 0.5, "greater").pvalue if wins + losses else 1.0
    assert mcnemar_p(wins, losses) == pytest.approx(expected)


def test_evidence_is_a_fair_bet_between_equal_models() -> None:
    for wins, losses in [(0, 0), (3, 1), (10, 12)]:
        after = 0.5 * np.exp(log_e_better(wins + 1, losses)) + 0.5 * np.exp(log_e_better(wins, losses + 1))
        assert after == pytest.approx(np.exp(log_e_better(wins, losses)))


def test_all_promotion_cycles_together_spend_the_budget() -> None:
    assert sum(cycle_level(j) for j in range(1, 100_000)) == pytest.approx(0.05, abs=1e-5)


def test_holm_stops_at_the_first_that_is_not_small_enough() -> None:
    assert holm([0.001, 0.04, 0.02], 0.05) == [True, True, True]
    assert holm([0.001, 0.04, 0.03], 0.05) == [True, False, False]


def test_rows_of_one_entity_go_together_in_the_interval() -> None:
    rng = np.random.default_rng(0)
    challenger, champion = np.repeat(rng.random(50) < 0.6, 10).astype(float), np.repeat(rng.random(50) < 0.5, 10).astype(float)
    apart = paired_gain(challenger, champion, np.arange(500), rng)
    together = paired_gain(challenger, champion, np.repeat(np.arange(50), 10), rng)
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_a_harmed_segment_blocks_and_a_small_one_says_nothing() -> None:
    right = np.ones(1000, dtype=np.bool_)
    worse = np.arange(1000) >= 60
    found = segment_evidence({"same": (right, right), "worse": (worse, right), "tiny": (right[:20], right[:20])})
    assert [found[s].verdict for s in found] == [
        SegmentVerdict.NOT_WORSE,
        SegmentVerdict.HARMED,
        SegmentVerdict.NOT_ENOUGH_EVIDENCE,
    ]
    assert [found[s].blocks for s in found] == [False, True, False]
