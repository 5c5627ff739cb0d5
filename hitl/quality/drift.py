"""Notices that a certified model has become worse than its level, from audits of its automatic decisions.

A Shiryaev-Roberts e-detector (Shin, Ramdas, Rinaldo, arXiv 2203.03532): for each hypothetical risk theta above the level,
``M <- (M + 1) * likelihood ratio of the audit``; an alarm when the mean of all M reaches ``mean_audits_to_false_alarm``, which
is then also the least expected number of audits until a false alarm. Half the way there (in logarithms) audits become
more frequent: that depends on the past only, so the guarantee stays.
"""

from dataclasses import dataclass, replace

import numpy as np

from hitl.errors import InvalidConfig
from hitl.quality.arrays import Bools, Floats

MULTIPLES = (1.5, 2.0, 3.0, 5.0, 10.0)
"""The hypothetical risks, times the level."""
LARGEST_RISK = 0.95


@dataclass(frozen=True, slots=True)
class AuditRates:
    """The probability that an automatic decision is audited: ``base`` in peace, ``raised`` while evidence grows."""

    base: float = 0.05
    raised: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.base <= self.raised <= 1:
            raise InvalidConfig("audit", "rates", f"expected 0 < base <= raised <= 1, came {self.base} and {self.raised}")


@dataclass(frozen=True, slots=True)
class DriftDetector:
    """The state after some audits; ``values`` are the M of each hypothetical risk. ``alarmed`` stays once reached."""

    level: float
    mean_audits_to_false_alarm: float = 1000.0
    values: tuple[float, ...] = (0.0,) * len(MULTIPLES)
    audits: int = 0
    alarmed: bool = False

    @property
    def evidence(self) -> float:
        return sum(self.values) / len(self.values)

    def after(self, wrong: bool) -> "DriftDetector":
        """The state after one more audit of an automatic decision."""
        values = tuple(step(np.array(self.values), np.bool_(wrong), self.level).tolist())
        alarmed = self.alarmed or sum(values) / len(values) >= self.mean_audits_to_false_alarm
        return replace(self, values=values, audits=self.audits + 1, alarmed=alarmed)

    def audit_probability(self, rates: AuditRates) -> float:
        """The probability of auditing the next automatic decision: known before its label, as the guarantee asks."""
        grows = self.evidence >= self.mean_audits_to_false_alarm**0.5
        return rates.raised if grows or self.alarmed else rates.base


def step(values: Floats, wrong: Bools | np.bool_, level: float) -> Floats:
    """One audit for many detectors at once: ``values`` (..., risks), ``wrong`` (...).

    >>> step(np.zeros(5), np.bool_(True), 0.05).round(1).tolist()
    [1.5, 2.0, 3.0, 5.0, 10.0]
    """
    risks = np.minimum(np.array(MULTIPLES) * level, max(LARGEST_RISK, level))
    ratio = np.where(np.asarray(wrong)[..., None], risks / level, (1 - risks) / (1 - level))
    return np.asarray((values + 1) * ratio, dtype=np.float64)
