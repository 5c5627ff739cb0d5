"""The guarantees themselves, on worlds whose truth is known; the wrong ways fail the same checks."""

import numpy as np
import pytest

from hitl.quality.certificate import RiskLevel
from hitl.quality.drift import AuditRates
from tests.measure.simulations import certificates, drifting, monitoring, peeking
from tests.measure.simulations.pools import digits, synthetic
from tests.measure.statistics import SEGMENT_SHARES, segment_pools

pytestmark = pytest.mark.slow
RISK, STRICT, SURE = RiskLevel(0.05, 0.9), RiskLevel(0.02, 0.9), RiskLevel(0.02, 0.95)

WORLDS = {
    "digits 0.05": (lambda: digits(), RISK, 1000),
    "digits 0.02": (lambda: digits(), STRICT, 1000),
    "synthetic 0.05": (lambda: synthetic(), RISK, 1000),
    "synthetic 0.02": (lambda: synthetic(), SURE, 2000),
    "over-confident synthetic": (lambda: synthetic(overconfident=True), SURE, 2000),
    "over-confident digits": (lambda: digits("bayes"), RISK, 1000),
}


@pytest.mark.parametrize("world", WORLDS)
def test_a_certificate_is_broken_no_more_often_than_it_says(world: str) -> None:
    pool, risk, labels = WORLDS[world]
    found = certificates.study(pool(), risk, labels)
    assert found.holds, found


@pytest.mark.parametrize("world", ["digits 0.05", "digits 0.02", "synthetic 0.05", "synthetic 0.02"])
def test_an_empirical_threshold_is_caught(world: str) -> None:
    pool, risk, labels = WORLDS[world]
    assert not certificates.study(pool(), risk, labels, method=certificates.empirical).holds


@pytest.mark.parametrize("world", ["over-confident synthetic", "over-confident digits"])
def test_a_fixed_threshold_is_caught_on_over_confident_models(world: str) -> None:
    pool, risk, labels = WORLDS[world]
    assert certificates.study(pool(), risk, labels, method=certificates.fixed).violations == 1.0


@pytest.mark.parametrize(("world", "share"), [("digits 0.05", 0.90), ("digits 0.02", 0.70), ("synthetic 0.05", 0.80)])
def test_a_certificate_automates_most_of_what_is_possible(world: str, share: float) -> None:
    pool, risk, labels = WORLDS[world]
    assert certificates.study(pool(), risk, labels).coverage_of_oracle >= share


def test_an_over_confident_model_that_nothing_can_be_shown_of_fails_closed() -> None:
    assert certificates.study(digits("bayes"), RISK, 1000).refused == 1.0


@pytest.mark.covers("003-87")
def test_no_segment_is_broken_when_each_has_its_certificate_and_pooling_is_caught() -> None:
    apart = certificates.segment_study(segment_pools(), SEGMENT_SHARES, RISK, 3000, pooled=False)
    pooled = certificates.segment_study(segment_pools(), SEGMENT_SHARES, RISK, 3000, pooled=True)
    assert apart.holds, apart
    assert not pooled.holds
    assert apart.coverage > pooled.coverage


@pytest.mark.parametrize("risk", [RISK, STRICT])
def test_looking_after_every_label_breaks_no_certificate_and_raises_no_false_alarm(risk: RiskLevel) -> None:
    assert peeking.ever_certified(risk).holds
    assert peeking.ever_alarmed(risk).holds


@pytest.mark.parametrize("risk", [RISK, STRICT])
def test_repeated_clopper_pearson_is_caught(risk: RiskLevel) -> None:
    assert not peeking.ever_certified(risk, peeking.repeated_clopper_pearson, every=10).holds


def test_a_certificate_at_any_time_takes_a_thousand_labels_at_half_the_level() -> None:
    median, _ = peeking.labels_to_certificate(STRICT, 0.01)
    assert median <= 1000


@pytest.mark.parametrize("cases", [1000, 5000])
def test_the_ratchet_may_be_read_at_every_case(cases: int) -> None:
    found = peeking.ratchet_study(digits(), RISK, cases, repetitions=200)
    assert found.holds
    assert found.coverage_of_oracle >= 0.6


def test_harm_from_drift_is_a_tenth_of_a_fixed_thresholds() -> None:
    assert drifting.harm(0.05, 0.154, AuditRates()).fewer >= 10


def test_adaptive_audits_halve_the_harm_of_constant_ones() -> None:
    adaptive, constant = drifting.harm(0.05, 0.154, AuditRates()), drifting.harm(0.05, 0.154, AuditRates(0.05, 0.05))
    assert adaptive.guarded <= 0.5 * constant.guarded


@pytest.mark.parametrize("level", [0.05, 0.02])
def test_false_alarms_are_as_far_apart_as_promised(level: float) -> None:
    assert drifting.audits_to_alarm(level, level, 500.0).mean() >= 0.8 * 500


@pytest.mark.parametrize(("times", "audits"), [(2, 150), (5, 35)])
def test_drift_is_noticed_within_few_audits(times: int, audits: int) -> None:
    assert np.median(drifting.audits_to_alarm(0.05, times * 0.05, 500.0)) <= audits


@pytest.mark.covers("003-10", "003-15")
def test_figures_from_unequal_probabilities_are_unbiased_where_the_plain_one_is_not() -> None:
    found = monitoring.bias(1000)
    assert max(abs(found.horvitz_thompson), abs(found.hajek), abs(found.aipw)) < 0.001
    assert abs(found.naive) > 0.05
    assert found.covered >= 0.90
    assert found.naive_covered == 0.0


def test_intervals_of_rare_errors_cover_where_the_normal_one_does_not() -> None:
    ours, normal = monitoring.rare_error_coverage(0.01, 100)
    assert ours >= 0.95
    assert normal < 0.75
