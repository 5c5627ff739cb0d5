"""Certificates of several segments: each holds by itself, or all of them hold together."""

import pytest

from hitl.quality.automation import Rules, SegmentStanding, findings
from hitl.quality.certificate import RiskLevel
from hitl.quality.family import CertificateFamily, family_of
from hitl.quality.planning import plan_of_held_out
from hitl.routing.policy import Policy, policy_from
from tests.measure.simulations.families import families
from tests.measure.simulations.pools import digits, hopeless

RISK = RiskLevel(0.05, 0.9)
LABELS = ["approve", "reject"]
LARGE = {"named": [{"name": "large", "when": "true"}], "by_label": True}
ALL = {"level": 0.05, "confidence": 0.9, "family": "all"}


def policy(**terms: object) -> Policy:
    return policy_from({"risk": ALL, **terms}, LABELS, "test")


@pytest.mark.parametrize(
    ("terms", "segments"),
    [
        ({}, 1),
        ({"segments": {"by_label": True}}, 2),
        ({"segments": {"named": LARGE["named"]}}, 2),
        ({"segments": LARGE}, 4),
        ({"segments": LARGE, "automatic_labels": ["approve"]}, 2),
        ({"segments": LARGE, "automatic_labels": []}, 2),
    ],
)
def test_the_segments_of_a_family_are_those_that_the_policy_declares(terms: dict[str, object], segments: int) -> None:
    assert family_of(policy(**terms), LABELS) == CertificateFamily(segments, 0.9)


def test_certificates_hold_by_themselves_unless_the_policy_says_otherwise() -> None:
    alone = policy(risk={"level": 0.05, "confidence": 0.9}, segments=LARGE)
    assert family_of(alone, LABELS) == CertificateFamily(4, None)
    assert family_of(alone, LABELS).share_of(RISK) == RISK


def test_a_segments_own_confidence_never_takes_more_than_its_part_of_the_familys_budget() -> None:
    family = CertificateFamily(4, 0.9)
    assert family.share_of(RiskLevel(0.05, 0.5)).delta == pytest.approx(0.025)
    assert family.share_of(RiskLevel(0.05, 0.99)).delta == pytest.approx(0.0025)


def test_a_policy_of_before_keeps_its_version() -> None:
    """Another version would take every certificate back that was earned under it."""
    before = policy_from({"risk": {"level": 0.05, "confidence": 0.9}}, LABELS, "test")
    assert before.body()["risk"] == {"level": 0.05, "confidence": 0.9, "segments": {}, "maturity_hours": 0.0}
    assert policy().version != before.version
    assert policy_from(policy().body(), LABELS, "test") == policy()


def test_a_plan_spends_what_one_segment_of_the_family_may() -> None:
    plan = plan_of_held_out(digits().pilot, CertificateFamily(5, 0.9).share_of(RISK))
    assert plan is not None
    assert sum(share for _, share in plan.starts) == pytest.approx(0.02)


def test_the_finding_says_which_certificates_hold_together() -> None:
    family = CertificateFamily(5, 0.9)
    rules = Rules(lambda segment: RISK, family=family)
    found = findings([], "m", "p", {"large": SegmentStanding()}, rules, 0.0)["large"].view().risk
    assert (found.family, found.segments, found.together, round(found.confidence, 6)) == ("all", 5, 0.9, 0.98)
    alone = findings([], "m", "p", {"large": SegmentStanding()}, Rules(lambda segment: RISK), 0.0)["large"].view().risk
    assert (alone.family, alone.together, alone.confidence) == ("each", None, 0.9)


@pytest.mark.slow
def test_ten_segments_at_the_boundary_break_no_joint_promise() -> None:
    """Every certificate of these segments is false."""
    family, alone = CertificateFamily(10, 0.9), CertificateFamily(10)
    together = families(hopeless(0.0505), family, RISK, 600, repetitions=60, every=200)
    assert together.holds, together
    assert families(hopeless(0.0505), alone, RISK, 600, repetitions=60, every=200).some_false > together.some_false
