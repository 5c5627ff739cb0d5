"""The coin, calibration and the cost of a route."""

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.calibration import (
    Temperature,
    expected_calibration_error,
    fit_isotonic,
    fit_temperature,
    reliability,
    saturated_share,
    version_of,
)
from hitl.routing.coin import SampleStream, draw_sample
from hitl.routing.cost import Costs, Doubt, QueuePrices, cheapest, next_price
from hitl.routing.route import Action

SECRET = b"a secret of thirty-two bytes ...."


def test_the_same_case_gets_the_same_toss() -> None:
    one = draw_sample(SECRET, SampleStream.GOLD, "case", "policy", 0.5)
    assert one == draw_sample(SECRET, SampleStream.GOLD, "case", "policy", 0.5)
    assert one.probability == 0.5


@pytest.mark.parametrize(
    "changed",
    [(b"x", SampleStream.GOLD, "c", "p"), (SECRET, SampleStream.AUDIT, "c", "p"), (SECRET, SampleStream.GOLD, "c", "q")],
)
def test_another_secret_stream_or_policy_tosses_anew(changed: tuple[bytes, SampleStream, str, str]) -> None:
    assert draw_sample(*changed, 0.5).number != draw_sample(SECRET, SampleStream.GOLD, "c", "p", 0.5).number


def test_a_coin_draws_its_share_and_streams_are_independent() -> None:
    gold = np.array([draw_sample(SECRET, SampleStream.GOLD, str(i), "p", 0.05).drawn for i in range(20_000)])
    audit = np.array([draw_sample(SECRET, SampleStream.AUDIT, str(i), "p", 0.05).drawn for i in range(20_000)])
    assert gold.mean() == pytest.approx(0.05, abs=0.006)
    assert (gold & audit).mean() == pytest.approx(0.0025, abs=0.0015)


def test_probabilities_of_zero_and_one_are_certain_and_others_outside_are_refused() -> None:
    assert not draw_sample(SECRET, SampleStream.GOLD, "c", "p", 0.0).drawn
    assert draw_sample(SECRET, SampleStream.GOLD, "c", "p", 1.0).drawn
    with pytest.raises(InvalidConfig, match="sampling: gold"):
        draw_sample(SECRET, SampleStream.GOLD, "c", "p", 1.5)


def overconfident(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are twice as sharp as the labels deserve."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (n, 3))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (honest.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    sharp = honest**2 / (honest**2).sum(axis=1, keepdims=True)
    return sharp, labels


def test_temperature_undoes_over_confidence_and_keeps_the_order() -> None:
    sharp, labels = overconfident()
    fitted = fit_temperature(sharp[:2000], labels[:2000])
    assert fitted.temperature == pytest.approx(2.0, rel=0.1)
    assert (fitted.probabilities(sharp).argmax(axis=1) == sharp.argmax(axis=1)).all()


@pytest.mark.covers("003-39")
def test_calibration_lowers_the_error_of_confidence_on_other_rows() -> None:
    sharp, labels = overconfident()
    right, rng = sharp[2000:].argmax(axis=1) == labels[2000:], np.random.default_rng(1)
    before = expected_calibration_error(sharp[2000:].max(axis=1), right, rng)
    for fitted in (fit_temperature(sharp[:2000], labels[:2000]), fit_isotonic(sharp[:2000], labels[:2000])):
        after = expected_calibration_error(fitted.confidence(sharp[2000:]), right, rng)
        assert after.high < before.low


def test_an_isotonic_map_never_says_that_it_cannot_be_wrong() -> None:
    """Its surest level saw 900 rows, all of them right; a model that errs once in 2,000 there is certain of nothing."""
    sure = np.repeat([[0.99, 0.01], [0.6, 0.4]], [900, 300], axis=0)
    labels = np.concatenate([np.zeros(900, dtype=np.int64), np.arange(300) % 2])
    said = fit_isotonic(sure, labels).confidence(np.array([[0.99, 0.01], [1.0, 0.0]]))
    assert said == pytest.approx([900.5 / 901] * 2)


def test_reliability_counts_every_case_once() -> None:
    confidence = np.array([0.0, 0.31, 0.34, 1.0])
    bins = reliability(confidence, np.array([False, True, False, True]), bins=10)
    assert [(b.low, b.count, b.accuracy) for b in bins] == [(0.0, 1, 0.0), (0.3, 2, 0.5), (0.9, 1, 1.0)]


def test_equal_calibrators_have_equal_versions() -> None:
    assert version_of(Temperature(2.0)) == version_of(Temperature(2.0)) != version_of(Temperature(2.1))


def test_saturated_scores_show() -> None:
    assert saturated_share(np.array([1.0, 1.0, 1.0, 0.5])) == 0.75


def test_calibration_without_rows_changes_nothing() -> None:
    assert fit_temperature(np.empty((0, 3)), np.empty(0, dtype=np.int64)) == Temperature(1.0)


@pytest.mark.covers("003-11")
def test_small_sums_are_automatic_and_large_ones_go_to_people() -> None:
    doubt, costs = Doubt(0.04, 0.05, 0.01), Costs(harm=1.0, harm_per_amount=0.01)
    assert cheapest(doubt, 100.0, costs, QueuePrices(), True).action is Action.AUTOMATIC
    assert cheapest(doubt, 100_000.0, costs, QueuePrices(), True).action is Action.EXPERT


def test_nothing_is_automatic_without_a_certificate_however_cheap() -> None:
    choice = cheapest(Doubt(0.0, 0.5, 0.5), 0.0, Costs(), QueuePrices(), may_automate=False)
    assert choice.action is not Action.AUTOMATIC
    assert Action.AUTOMATIC not in choice.expected


def test_a_full_queue_becomes_dearer_and_an_empty_one_free() -> None:
    assert next_price(0.0, forecast_wait_h=4.0, allowed_wait_h=2.0, highest=9.0) == 0.05
    assert next_price(1.0, forecast_wait_h=1e9, allowed_wait_h=2.0, highest=9.0) == 1.05
    assert next_price(1.0, forecast_wait_h=0.0, allowed_wait_h=2.0, highest=9.0) == 0.95
    assert next_price(0.01, forecast_wait_h=0.0, allowed_wait_h=2.0, highest=9.0) == 0.0
    doubt = Doubt(0.05, 0.02, 0.01)
    assert cheapest(doubt, 0.0, Costs(harm=20), QueuePrices(), True).action is Action.REVIEW
    assert cheapest(doubt, 0.0, Costs(harm=20), QueuePrices(review=0.5), True).action is Action.AUTOMATIC


def test_negative_costs_are_refused_with_their_key() -> None:
    with pytest.raises(InvalidConfig, match="costs: review"):
        Costs(review=-1.0)
