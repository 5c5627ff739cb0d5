"""Watch one certificate with an e-detector, fed by blind checks of its automatic decisions."""

from collections.abc import Iterable

from hitl.quality.answers import SettledReview
from hitl.quality.drift import AuditRates, DriftDetector

STEPS = 2.0
"""Audit rates move by this factor: each change is journalled and raises the serving generation, so there are few of them."""


def watched(detector: DriftDetector, answers: Iterable[SettledReview]) -> DriftDetector:
    """The detector after the drawn ones among ``answers`` that the model decided alone."""
    for each in answers:
        if each.is_automatic and each.is_drawn:
            detector = detector.after(each.is_wrong)
    return detector


def audit_rate(detector: DriftDetector, rates: AuditRates, now: float) -> float:
    """The rate to use from here on; ``now`` is the one in use. It depends on audits that are over, as the guarantee asks.

    >>> audit_rate(DriftDetector(0.05), AuditRates(0.05, 0.5), 0.05)
    0.05
    """
    wanted = detector.audit_probability(rates)
    rate = rates.base
    while rate * STEPS <= wanted:
        rate *= STEPS
    stepped = rates.raised if wanted >= rates.raised else rate
    return stepped if stepped >= now or stepped * STEPS * STEPS <= now else now
