"""The error of automatic decisions over time, from blind checks, with the evidence of drift after each period."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hitl.quality.answers import Answer
from hitl.quality.drift import DriftDetector
from hitl.quality.weighted import draw_probability, weighted_rate

MOST_STRETCHES = 30
LEAST_CHECKS = 10
"""A stretch; the newest one may have fewer."""


def drift_path(answers: Sequence[Answer], detector: DriftDetector | None) -> list[dict[str, Any]]:
    """Stretches of checks of automatic decisions, oldest first: ``{"from", "to", "n", "value", "low", "high", ..., "evidence"}``.
    ``evidence`` is the e-detector's value at the end of the stretch, None where the risk has no level to hold it against."""
    checked = [each for each in answers if each.is_automatic and each.is_drawn]
    size = max(LEAST_CHECKS, -(-len(checked) // MOST_STRETCHES))
    found = []
    for start in range(0, len(checked), size):
        stretch = checked[start : start + size]
        for each in stretch if detector else ():
            assert detector is not None
            detector = detector.after(each.is_wrong)
        found.append(_stretch(stretch) | {"evidence": detector.evidence if detector else None})
    return found


def _stretch(checked: Sequence[Answer]) -> dict[str, Any]:
    weights = np.array([1 / draw_probability(each) for each in checked], dtype=np.float64)
    error = weighted_rate(weights, np.array([each.is_wrong for each in checked], dtype=np.float64))
    return {"from": checked[0].at, "to": checked[-1].at, "wrong": sum(each.is_wrong for each in checked), **error.plain()}
