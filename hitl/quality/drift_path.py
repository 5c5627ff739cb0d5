"""The error of automatic decisions over time, from blind checks, with the evidence of drift after each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from hitl.quality.answers import SettledReview
from hitl.quality.drift import DriftDetector
from hitl.quality.interval import PublishedFigure
from hitl.quality.weighted import draw_probability, weighted_rate

MOST_STRETCHES = 30
LEAST_CHECKS = 10
"""A stretch; the newest one may have fewer."""


@dataclass(frozen=True, slots=True)
class DriftStretch(PublishedFigure):
    """The error rate in [0, 1] of successive checks, answered ``from`` one moment ``to`` another (UTC seconds); ``wrong`` of
    them were. ``evidence`` is the e-detector's value at the end, None where the risk has no level to hold it against."""

    since: Annotated[float, Field(serialization_alias="from")]
    to: float
    wrong: int
    evidence: float | None


def drift_path(answers: Sequence[SettledReview], detector: DriftDetector | None) -> list[DriftStretch]:
    """Stretches of checks of automatic decisions, oldest first."""
    checked = [each for each in answers if each.is_automatic and each.is_drawn]
    size = max(LEAST_CHECKS, -(-len(checked) // MOST_STRETCHES))
    found = []
    for start in range(0, len(checked), size):
        stretch = checked[start : start + size]
        for each in stretch if detector else ():
            assert detector is not None
            detector = detector.after(each.is_wrong)
        found.append(_stretch(stretch, detector.evidence if detector else None))
    return found


def _stretch(checked: Sequence[SettledReview], evidence: float | None) -> DriftStretch:
    weights = np.array([1 / draw_probability(each) for each in checked], dtype=np.float64)
    error = weighted_rate(weights, np.array([each.is_wrong for each in checked], dtype=np.float64))
    wrong = sum(each.is_wrong for each in checked)
    return DriftStretch(since=checked[0].at, to=checked[-1].at, wrong=wrong, evidence=evidence, **error.plain())
