"""Exact bounds on error rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from hitl.quality.betting import mean_interval, mean_upper_bound
from hitl.quality.binomial import clopper_pearson, labels_needed, lower_bound, risk_p_value, smallest_count, upper_bound


@pytest.mark.parametrize(
    ("level", "confidence", "labels"), [(0.01, 0.9, 230), (0.02, 0.95, 149), (0.03, 0.9, 76), (0.05, 0.95, 59)]
)
def test_labels_needed_without_an_error_are_those_of_the_table(level: float, confidence: float, labels: int) -> None:
    assert labels_needed(level, confidence) == labels
    assert upper_bound(0, labels, confidence) <= level < upper_bound(0, labels - 1, confidence)


@given(st.integers(1, 400), st.data(), st.floats(0.01, 0.3))
def test_the_p_value_is_small_exactly_when_the_bound_is_under_the_level(n: int, data: st.DataObject, level: float) -> None:
    errors = data.draw(st.integers(0, n))
    p_value = float(risk_p_value(errors, n, level))
    if abs(p_value - 0.1) > 1e-9:
        assert (p_value < 0.1) == (upper_bound(errors, n, 0.9) < level)


def test_no_labels_prove_nothing() -> None:
    assert float(risk_p_value(0, 0, 0.05)) == 1.0
    interval = clopper_pearson(0, 0)
    assert (interval.value, interval.low, interval.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("risk", [0.005, 0.05, 0.3, 0.95])
def test_the_exact_interval_covers_at_least_as_often_as_it_says(risk: float) -> None:
    errors = np.arange(101)
    intervals = [clopper_pearson(int(k), 100) for k in errors]
    held = np.array([i.low <= risk <= i.high for i in intervals])
    assert binom.pmf(errors, 100, risk)[held].sum() >= 0.95


def test_bounds_at_the_edges_are_zero_and_one() -> None:
    assert lower_bound(0, 10, 0.95) == 0.0
    assert upper_bound(10, 10, 0.95) == 1.0


def test_betting_is_far_tighter_than_hoeffding_for_rare_losses() -> None:
    rng = np.random.default_rng(0)
    losses = (rng.random(1000) < 0.01) * rng.random(1000) * 0.5
    slack = mean_upper_bound(losses, 0.9) - losses.mean()
    assert slack < 0.2 * np.sqrt(np.log(10) / 2000)


def test_betting_bounds_cover_the_mean() -> None:
    rng = np.random.default_rng(1)
    intervals = [mean_interval(rng.beta(0.2, 2.0, 300), 0.9) for _ in range(200)]
    held = [i.low <= 0.2 / 2.2 <= i.high for i in intervals]
    assert np.mean(held) >= 0.9


def test_betting_without_values_says_nothing() -> None:
    interval = mean_interval(np.empty(0))
    assert (interval.value, interval.low, interval.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("n", [1, 2, 7, 100, 10_000])
def test_the_smallest_count_is_scipys(n: int) -> None:
    for share in (0.5, 0.9, 0.95, 0.99):
        sides = (0.001, 0.025, 0.3, 0.975, 0.999)
        assert [smallest_count(side, n, share) for side in sides] == [int(binom.ppf(side, n, share)) for side in sides]


def test_a_count_with_exactly_the_probability_is_enough() -> None:
    assert [smallest_count(side, 2, 0.5) for side in (0.25, 0.75)] == [0, 1]
