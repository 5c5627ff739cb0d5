"""Evidence over time: e-processes, the ratchet and the drift detector."""

from functools import reduce

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.certificate import RiskLevel
from hitl.quality.drift import AuditRates, DriftDetector, step
from hitl.quality.eprocess import confidence_sequence, log_e_alarm, log_e_certify
from hitl.quality.ratchet import Ratchet


@pytest.mark.parametrize("process", [log_e_certify, log_e_alarm])
def test_evidence_starts_at_one_and_is_a_fair_bet_at_the_level(process) -> None:
    assert float(process(0, 0, 0.05)) == pytest.approx(0.0, abs=1e-9)
    for errors, n in [(0, 0), (1, 20), (5, 60)]:
        after = 0.05 * np.exp(process(errors + 1, n + 1, 0.05)) + 0.95 * np.exp(process(errors, n + 1, 0.05))
        assert after == pytest.approx(np.exp(process(errors, n, 0.05)), rel=1e-9)


def test_evidence_points_to_the_side_the_errors_are_on() -> None:
    assert log_e_certify(2, 500, 0.05) > 5 > 0 > log_e_alarm(2, 500, 0.05)
    assert log_e_alarm(60, 500, 0.05) > 5 > 0 > log_e_certify(60, 500, 0.05)


def test_an_interval_for_all_times_is_wider_than_one_for_a_single_look() -> None:
    always = confidence_sequence(10, 200)
    assert always.low < 0.0241 < 0.05 < 0.0901 < always.high


def test_audits_at_the_level_do_not_alarm_and_bad_ones_do() -> None:
    detector = DriftDetector(0.05, 1000.0)
    for audit in range(100):
        detector = detector.after(audit % 20 == 0)
    assert not detector.alarmed
    for audit in range(30):
        detector = detector.after(audit % 2 == 0)
    assert detector.alarmed


def test_audits_together_give_what_they_give_one_by_one() -> None:
    detector, values, wrong = DriftDetector(0.2, 50.0), np.zeros(5), [audit % 3 == 0 for audit in range(200)]
    for is_wrong in wrong:
        values = step(values, np.bool_(is_wrong), 0.2)
    together = detector.after_each(wrong)
    assert together.values == tuple(values.tolist())
    assert together == reduce(DriftDetector.after, wrong, detector)
    assert (together.audits, together.alarmed) == (200, True)


def test_an_alarm_stays() -> None:
    detector = DriftDetector(0.05, 10.0).after(True).after(True)
    for _ in range(500):
        detector = detector.after(False)
    assert detector.alarmed
    assert detector.audit_probability(AuditRates()) == 0.5


def test_audits_become_more_frequent_while_evidence_grows() -> None:
    quiet, rates = DriftDetector(0.05), AuditRates(0.05, 0.5)
    worried = quiet.after(True).after(True)
    assert quiet.audit_probability(rates) == 0.05
    assert 0.05 < worried.audit_probability(rates) <= 0.5


def test_audit_rates_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidConfig, match="audit"):
        AuditRates(0.5, 0.05)


def test_a_ratchet_opens_with_right_labels_and_stays_shut_with_wrong_ones() -> None:
    grid = np.array([0.9, 0.5, 0.0])
    ratchet = Ratchet.fresh(grid, RiskLevel(0.05, 0.9), audit=0.05, segments=2)
    for _ in range(400):
        ratchet.observe(np.array([0.95, 0.95]), np.array([False, True]), np.array([1.0, 1.0]))
    assert ratchet.thresholds.tolist() == [0.0, np.inf]
