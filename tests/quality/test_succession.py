"""When a challenger takes over from a champion that has earned automation."""

from dataclasses import replace

import pytest

from hitl.quality.automation import AutomationAlarm, SegmentStanding
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import progress
from hitl.quality.checks import BlindCheck
from hitl.quality.drift import AuditRates, DriftDetector
from hitl.quality.planning import CertificationPlan
from hitl.quality.succession import TEST_ENDS_WITHIN, is_under_test, measure_automation

PLAN = CertificationPlan((0.9, 0.5), ((0, 0.05), (1, 0.05)), 400)
RISK = RiskLevel(0.05, 0.9)


def check(number: int, confidence: float | None, probability: float = 1.0, wrong: bool | None = False) -> BlindCheck:
    return BlindCheck(
        str(number), 1.0 + number, "all", "m", "p", "3", confidence, False, ("gold",), wrong=wrong, probability=probability
    )


def test_a_case_that_is_drawn_seldom_stands_for_many() -> None:
    """One of ten of what the champion decides is drawn: 9 drawn cases are 90 of the traffic."""
    sure = [(check(n, 0.95, 0.1), check(n, 0.95, 0.1)) for n in range(9)]
    unsure = [(check(n, 0.1), check(n, 0.95)) for n in range(10)]
    found = measure_automation([*sure, *unsure], {"all": 0.9}, {"all": 0.9})
    assert (found.rows, found.champion, found.challenger) == (19, pytest.approx(0.9), pytest.approx(1.0))


@pytest.mark.parametrize(("earned", "is_enough"), [(90, True), (89, False)])
def test_nine_tenths_of_the_champions_automation_are_enough(earned: int, is_enough: bool) -> None:
    rows = [(check(n, 0.95), check(n, 0.95 if n < earned else 0.1)) for n in range(100)]
    assert measure_automation(rows, {"all": 0.9}, {"all": 0.9}).is_enough is is_enough


def test_without_a_case_that_both_scored_nothing_is_shown() -> None:
    assert not measure_automation([], {"all": 0.9}, {"all": 0.9}).is_enough


def test_a_segment_without_threshold_and_a_case_without_prediction_go_to_people() -> None:
    rows = [(check(1, 0.95), check(1, None)), (check(2, 0.95), replace(check(2, 0.95), segment="other"))]
    found = measure_automation(rows, {"all": 0.9}, {"all": 0.9, "other": None})
    assert (found.champion, found.challenger) == (1.0, 0.0)


def finding(checks: list[BlindCheck], threshold: float | None = None, plan: CertificationPlan | None = PLAN) -> AutomationAlarm:
    standing = SegmentStanding(threshold, plan)
    return AutomationAlarm("all", standing, RISK, progress(checks, RISK, plan), DriftDetector(RISK.level), AuditRates().base)


def test_a_test_that_soon_ends_is_waited_for() -> None:
    assert is_under_test(finding([check(n, 0.95) for n in range(20)]))


def test_no_plan_a_certificate_and_a_bad_model_are_not_waited_for() -> None:
    assert not is_under_test(finding([check(n, 0.95) for n in range(20)], plan=None))
    assert not is_under_test(finding([check(n, 0.95) for n in range(400)]))
    assert not is_under_test(finding([check(n, 0.95, wrong=n % 2 == 0) for n in range(200)]))


def test_a_test_that_does_not_end_is_not_waited_for_for_ever() -> None:
    """At an error rate of about the level the forecast stays a few hundred labels."""
    checks = [check(n, 0.95, wrong=n % 25 == 0) for n in range(2 * TEST_ENDS_WITHIN)]
    going_on = finding(checks)
    assert going_on.threshold is None
    assert going_on.progress.missing is not None
    assert not is_under_test(going_on)
    assert is_under_test(finding(checks[: TEST_ENDS_WITHIN // 2]))
