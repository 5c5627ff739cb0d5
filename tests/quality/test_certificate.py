"""The certificate: what it needs, what it refuses, what it is bound to."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.certificate import (
    RiskLevel,
    ScoredSample,
    Versions,
    certify,
    certify_segments,
    counts_above,
    last_accepted,
    threshold_grid,
)

RISK = RiskLevel(0.05, 0.9)
VERSIONS = Versions("model", "calibrator", "policy")


def perfect_above(boundary: float, n: int = 1000) -> ScoredSample:
    """Scores spread over [0, 1]; the model is right exactly above the boundary."""
    scores = np.linspace(0, 1, n)
    return ScoredSample(scores, scores < boundary)


def grid(n: int = 1000) -> np.ndarray:
    return threshold_grid(np.linspace(0, 1, 777), n, RISK)


def test_the_threshold_reaches_as_far_as_the_labels_prove() -> None:
    certificate = certify(perfect_above(0.5), grid(), RISK, VERSIONS)
    assert certificate.threshold is not None
    assert 0.45 < certificate.threshold < 0.5
    assert certificate.upper_bound <= RISK.level


@pytest.mark.parametrize("labels", [0, 10, 44])
def test_too_few_labels_are_refused_with_the_number_needed(labels: int) -> None:
    certificate = certify(perfect_above(0.0, labels), grid(), RISK, VERSIONS)
    assert certificate.threshold is None
    assert "45" in certificate.reason or labels == 0


def test_a_model_that_errs_everywhere_is_refused() -> None:
    sample = ScoredSample(np.linspace(0, 1, 2000), np.arange(2000) % 5 == 0)
    certificate = certify(sample, grid(2000), RISK, VERSIONS)
    assert certificate.threshold is None
    assert "do not show" in certificate.reason


def test_equal_scores_fail_closed_unless_all_of_them_may_pass() -> None:
    sample = ScoredSample(np.ones(1000), np.arange(1000) < 60)
    tied = threshold_grid(np.ones(500), 1000, RISK)
    assert certify(sample, tied, RISK, VERSIONS).threshold is None
    assert certify(ScoredSample(np.ones(1000), np.arange(1000) < 10), tied, RISK, VERSIONS).threshold == 1.0


def test_a_pilot_finds_the_start_that_noise_at_the_top_would_hide() -> None:
    scores = np.linspace(0, 1, 3000)
    wrong = (scores > 0.97) & (np.arange(3000) % 4 == 0)
    sample, traffic = ScoredSample(scores, wrong), threshold_grid(np.linspace(0, 1, 777), 3000, RISK)
    assert certify(sample, traffic, RISK, VERSIONS).threshold is None
    assert certify(sample, traffic, RISK, VERSIONS, pilot=ScoredSample(scores[::6], wrong[::6])).threshold is not None


def test_other_versions_and_other_segments_are_not_allowed() -> None:
    certificate = certify(perfect_above(0.5), grid(), RISK, VERSIONS, segment="de")
    assert certificate.allows(0.9, "de", VERSIONS)
    assert not certificate.allows(0.9, "fr", VERSIONS)
    assert not certificate.allows(0.9, "de", replace(VERSIONS, model="newer"))
    assert not certificate.allows(0.1, "de", VERSIONS)


def test_a_segment_without_labels_stays_with_people() -> None:
    samples = {"large": perfect_above(0.5), "new": ScoredSample(np.empty(0), np.empty(0, dtype=bool))}
    found = certify_segments(samples, {"large": grid(), "new": grid()}, RISK, VERSIONS)
    assert found["large"].threshold is not None
    assert found["new"].threshold is None


def test_simultaneous_segments_share_the_error_budget() -> None:
    samples = {name: perfect_above(0.5) for name in "abcd"}
    grids = dict.fromkeys(samples, grid())
    found = certify_segments(samples, grids, RISK, VERSIONS)
    assert {round(c.risk.delta, 6) for c in found.values()} == {0.025}


def test_the_walk_stops_at_the_first_refusal() -> None:
    p_values = np.array([0.01, 0.02, 0.5, 0.001])
    assert last_accepted(p_values, 0, 0.1) == 1
    assert last_accepted(p_values, 2, 0.1) is None
    assert last_accepted(p_values, 3, 0.1) == 3


def test_counts_include_scores_that_equal_the_threshold() -> None:
    sample = ScoredSample(np.array([0.9, 0.5, 0.5, 0.1]), np.array([False, True, False, True]))
    labels, errors = counts_above(sample, np.array([0.9, 0.5, 0.1]))
    assert (labels.tolist(), errors.tolist()) == ([1, 3, 4], [0, 1, 2])


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, float("nan")])
def test_a_risk_level_outside_zero_and_one_is_refused_with_its_key(level: float) -> None:
    with pytest.raises(InvalidConfig, match="risk: level"):
        RiskLevel(level, 0.9)


def test_equal_certificates_have_equal_digests() -> None:
    one = certify(perfect_above(0.5), grid(), RISK, VERSIONS)
    assert one.digest == certify(perfect_above(0.5), grid(), RISK, VERSIONS).digest
    assert one.digest != replace(one, errors=one.errors + 1).digest
