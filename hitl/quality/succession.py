"""When a challenger takes over from a champion that has earned automation: once it has earned nearly as much.

A certificate is about one model. Deploying another one before it has earned a certificate of its own sends everything back to
people, however good it is. So the champion goes on deciding while the challenger earns on the vault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hitl.quality.automation import AutomationAlarm
from hitl.quality.checks import BlindCheck

ENOUGH = 0.9
"""Of the champion's automation."""
TEST_ENDS_WITHIN = 600
"""Random answers that a champion's test may still need for challengers to wait for its end; it ends anyway with twice as many."""

Thresholds = Mapping[str, float | None]
"""By segment, the score from which cases are automatic; None where none is."""


@dataclass(frozen=True, slots=True)
class AutomationShares:
    """The shares in [0, 1] of the traffic that either model may decide, by ``rows`` cases that both scored."""

    rows: int
    champion: float
    challenger: float

    @property
    def is_enough(self) -> bool:
        return self.rows > 0 and self.challenger >= ENOUGH * self.champion


def measure_automation(
    rows: Sequence[tuple[BlindCheck, BlindCheck]], champion: Thresholds, challenger: Thresholds
) -> AutomationShares:
    """Measure what either may decide. ``rows`` hold each case as the champion and as the challenger scored it. A case counts
    by the inverse of the probability with which it was drawn: those that the champion decides are drawn seldom."""
    weights = np.array([1 / one.probability for one, _ in rows])
    if not len(weights):
        return AutomationShares(0, 0.0, 0.0)
    old = np.array([_is_above(one, champion) for one, _ in rows])
    new = np.array([_is_above(other, challenger) for _, other in rows])
    whole = weights.sum()
    return AutomationShares(len(rows), float(weights[old].sum() / whole), float(weights[new].sum() / whole))


def is_under_test(finding: AutomationAlarm) -> bool:
    """Tell whether a segment's first certificate is expected soon: a new model would begin its test again."""
    progress = finding.progress
    is_going_on = finding.standing.plan is not None and finding.threshold is None and finding.alarm is None
    is_near = progress.missing is not None and progress.missing <= TEST_ENDS_WITHIN
    return is_going_on and is_near and progress.random_answers < 2 * TEST_ENDS_WITHIN


def _is_above(check: BlindCheck, thresholds: Thresholds) -> bool:
    threshold = thresholds.get(check.segment)
    return threshold is not None and check.confidence is not None and check.confidence >= threshold
