"""Detect that a certified model's error exceeds its level, from audits of its automatic decisions.

A Shiryaev-Roberts e-detector (Shin, Ramdas, Rinaldo, arXiv 2203.03532): for each hypothetical risk theta above the level,
``M <- (M + 1) * likelihood ratio of the audit``; an alarm when the mean of all M reaches ``mean_audits_to_false_alarm``, which
is then also the least expected number of audits until a false alarm. While evidence grows audits become more frequent:
that depends on the past only, so the guarantee stays. With the rates below, harm until the alarm is less than half of what
constant audits let through, and a model at half its level gets audits of 12 % of its automatic decisions in place of 5 %.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from hitl.errors import InvalidConfig
from hitl.quality.arrays import Bools, Floats

MULTIPLES = (1.5, 2.0, 3.0, 5.0, 10.0)
"""The hypothetical risks, times the level."""
LARGEST_RISK = 0.95
RISES_FROM = 4.0
"""Audits rise from the square root of the alarm's height divided by this."""


@dataclass(frozen=True, slots=True)
class AuditRates:
    """The probability that an automatic decision is audited: ``base`` in peace, up to ``raised`` while evidence grows."""

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
    def height(self) -> float:
        """The evidence at which the alarm is given."""
        return self.mean_audits_to_false_alarm

    @property
    def evidence(self) -> float:
        return sum(self.values) / len(self.values)

    def after(self, wrong: bool) -> "DriftDetector":
        """Return the state after one more audit of an automatic decision."""
        return self.after_each([wrong])

    def after_each(self, wrong: Iterable[bool]) -> "DriftDetector":
        """Return the state after audits one after the other, each of them ``wrong`` or right."""
        audits = list(wrong)
        if not audits:
            return self
        by_error, by_right = (ratios.tolist() for ratios in _likelihood_ratios(self.level))
        paths = []
        for value, if_wrong, if_right in zip(self.values, by_error, by_right, strict=True):
            ratios = [if_wrong if is_wrong else if_right for is_wrong in audits]
            path = accumulate(ratios, lambda before, ratio: (before + 1) * ratio, initial=value)
            paths.append(np.fromiter(path, dtype=np.float64, count=len(audits) + 1)[1:])
        evidence = reduce(np.add, paths) / len(paths)
        alarmed = self.alarmed or bool((evidence >= self.mean_audits_to_false_alarm).any())
        values = tuple(float(path[-1]) for path in paths)
        return replace(self, values=values, audits=self.audits + len(audits), alarmed=alarmed)

    def audit_probability(self, rates: AuditRates) -> float:
        """Return the probability of auditing the next automatic decision: known before its label, as the guarantee asks."""
        return rates.raised if self.alarmed else float(audit_probability(self.evidence, self.mean_audits_to_false_alarm, rates))


def audit_probability(evidence: ArrayLike, mean_audits_to_false_alarm: float, rates: AuditRates) -> Floats:
    """In proportion to the evidence from a quarter of ``sqrt(mean_audits_to_false_alarm)`` on."""
    wanted = rates.base * np.asarray(evidence) * RISES_FROM / mean_audits_to_false_alarm**0.5
    return np.asarray(np.clip(wanted, rates.base, rates.raised), dtype=np.float64)


def step(values: Floats, wrong: Bools | np.bool_, level: float) -> Floats:
    """Take one audit into many detectors at once: ``values`` (..., risks), ``wrong`` (...).

    >>> step(np.zeros(5), np.bool_(True), 0.05).round(1).tolist()
    [1.5, 2.0, 3.0, 5.0, 10.0]
    """
    by_error, by_right = _likelihood_ratios(level)
    ratio = np.where(np.asarray(wrong)[..., None], by_error, by_right)
    return np.asarray((values + 1) * ratio, dtype=np.float64)


def _likelihood_ratios(level: float) -> tuple[Floats, Floats]:
    """Return what a wrong audit and a right one say of each hypothetical risk, against the level."""
    risks = np.minimum(np.array(MULTIPLES) * level, max(LARGEST_RISK, level))
    return np.asarray(risks / level, dtype=np.float64), np.asarray((1 - risks) / (1 - level), dtype=np.float64)
