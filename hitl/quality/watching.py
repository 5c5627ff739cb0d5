"""Watch one certificate with an e-detector, fed by blind checks of its automatic decisions.

Checks count in the order in which their cases came. One that nobody has answered in time counts as wrong: silence would otherwise
look like good news. One that may still be answered in time ends the look, so that what comes late keeps its place.
"""

from dataclasses import dataclass

from hitl.quality.check_columns import Checks, as_columns
from hitl.quality.drift import AuditRates, DriftDetector

STEPS = 2.0
"""Audit rates move by this factor: each change is journalled and raises the serving generation, so there are few of them."""
ANSWERED_WITHIN_S = 48 * 3600.0
"""From then on an unanswered check counts as wrong, where a policy states no time of its own."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The ``detector`` after ``wrong`` and right checks; ``unanswered`` of the wrong ones because nobody answered in time."""

    detector: DriftDetector
    wrong: int = 0
    unanswered: int = 0

    def told(self, about: str) -> str:
        late = f", {self.unanswered} of them because nobody answered in time" if self.unanswered else ""
        level = f"the level is {self.detector.level:g}"
        return f"{self.wrong} of {self.detector.audits} blind checks of {about} were wrong{late}, {level}"


def watched(detector: DriftDetector, checks: Checks, due_before: float) -> Watch:
    """Return the watch after the ``checks`` of automatic decisions, oldest first. An unanswered one counts as wrong if its case
    came before ``due_before`` (UTC seconds)."""
    known = as_columns(checks)
    audits = known.where(known.is_automatic)
    may_come = audits.waits & (audits.at >= due_before)
    counted = audits[: int(may_come.argmax())] if may_come.any() else audits
    wrong = counted.counts_as_wrong
    return Watch(detector.after_each(wrong.tolist()), int(wrong.sum()), int(counted.waits.sum()))


def audit_rate(detector: DriftDetector, rates: AuditRates, now: float) -> float:
    """Return the rate to use from here on; ``now`` is the one in use. It depends on audits that are over, as the guarantee asks.

    >>> audit_rate(DriftDetector(0.05), AuditRates(0.05, 0.5), 0.05)
    0.05
    """
    wanted = detector.audit_probability(rates)
    rate = rates.base
    while rate * STEPS <= wanted:
        rate *= STEPS
    stepped = rates.raised if wanted >= rates.raised else rate
    return stepped if stepped >= now or stepped * STEPS * STEPS <= now else now
