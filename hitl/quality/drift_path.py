"""The error of automatic decisions over time, from blind checks, with the evidence of drift after each period."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.drift import DriftDetector
from hitl.quality.interval import PublishedFigure
from hitl.quality.weighted import weighted_rate

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


def drift_path(answers: AnswerColumns, detector: DriftDetector | None) -> list[DriftStretch]:
    """Stretches of checks of automatic decisions, oldest first."""
    checked = answers.where(answers.is_check)
    size = max(LEAST_CHECKS, -(-len(checked) // MOST_STRETCHES))
    found = []
    for start in range(0, len(checked), size):
        stretch = checked.where(slice(start, start + size))
        if detector is not None:
            detector = detector.after_each(stretch.is_wrong.tolist())
        found.append(_stretch(stretch, detector.evidence if detector else None))
    return found


def _stretch(checked: AnswerColumns, evidence: float | None) -> DriftStretch:
    is_wrong = checked.is_wrong
    error = weighted_rate(1 / checked.draw_probability, is_wrong.astype(np.float64))
    since, to = float(checked.at[0]), float(checked.at[-1])
    return DriftStretch(since=since, to=to, wrong=int(is_wrong.sum()), evidence=evidence, **error.plain())
