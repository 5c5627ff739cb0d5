"""Decide what a task's answers imply for its automation: a better threshold, a stop, another audit rate, or nothing.

Per served model and per segment, for the policy in force. After a stop only cases that came later count: what was shown before an
alarm says nothing about what the world is like now.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import cast

from hitl.canonical import JsonObject, to_plain
from hitl.quality.answers import SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import CertificationPlan, Progress, progress
from hitl.quality.drift import AuditRates, DriftDetector
from hitl.quality.watching import audit_rate, watched
from hitl.serving.views import ServingView

MEAN_AUDITS_TO_FALSE_ALARM = 1000.0


@dataclass(frozen=True, slots=True)
class SegmentStanding:
    """One segment under one model, by the journal: the ``threshold`` in force and the ``plan`` that it was certified
    under, why nothing is automatic (``stopped``), and since when answers count (``since``, UTC seconds)."""

    threshold: float | None = None
    plan: CertificationPlan | None = None
    stopped: str | None = None
    since: float = 0.0
    audit: float | None = None


@dataclass(frozen=True, slots=True)
class DriftProgress:
    """Blind checks so far (``audits``), the evidence of drift from them, and the evidence at which automation stops."""

    audits: int
    evidence: float
    alarm_at: float


@dataclass(frozen=True, slots=True)
class SegmentRisk:
    """Among a segment's automatic decisions at most ``level`` may be wrong, with probability ``confidence``; both in (0, 1)."""

    level: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SegmentFinding(Progress):
    """The progress of a segment's certificate, beside the threshold that is ``in_force``, why nothing is automatic
    (``stopped``), since when answers count (UTC seconds), and the probability in [0, 1] of a blind check."""

    in_force: float | None
    stopped: str | None
    since: float
    risk: SegmentRisk
    drift: DriftProgress
    audit_probability: float


@dataclass(frozen=True, slots=True)
class AutomationAlarm:
    """``alarm`` says in words why the segment's automation must stop."""

    segment: str
    standing: SegmentStanding
    risk: RiskLevel
    progress: Progress
    detector: DriftDetector
    audit: float
    alarm: str | None = None

    @property
    def is_news(self) -> bool:
        """Whether a better threshold was reached."""
        return self.alarm is None and self.progress.threshold is not None and self.progress.threshold != self.standing.threshold

    def view(self) -> SegmentFinding:
        """The finding as people see it."""
        return SegmentFinding(
            **{each.name: getattr(self.progress, each.name) for each in fields(Progress)},
            in_force=self.standing.threshold,
            stopped=self.standing.stopped,
            since=self.standing.since,
            risk=SegmentRisk(self.risk.level, self.risk.confidence),
            drift=DriftProgress(self.detector.audits, self.detector.evidence, self.detector.height),
            audit_probability=self.audit,
        )

    def plain(self) -> JsonObject:
        """As JSON, for the journal."""
        return cast(JsonObject, to_plain(self.view()))


@dataclass(frozen=True, slots=True)
class Rules:
    """``risk_of`` a segment; ``rates`` of audits; an answer counts once its case is ``maturity_s`` old."""

    risk_of: Callable[[str], RiskLevel]
    rates: AuditRates = field(default_factory=AuditRates)
    maturity_s: float = 0.0


def findings(
    answers: Sequence[SettledReview], model: str, policy: str, standings: Mapping[str, SegmentStanding], rules: Rules, now: float
) -> dict[str, AutomationAlarm]:
    """By segment, for every segment that answers or the journal know of."""
    ours = [each for each in answers if each.model_version == model and each.policy_version == policy]
    segments = sorted({each.segment for each in ours} | set(standings))
    return {name: _finding(name, ours, standings.get(name, SegmentStanding()), rules, now) for name in segments}


def last_stops(history: Sequence[ServingView]) -> dict[str, float]:
    """The time of the last stop of each segment, from the lines of a task's serving history."""
    stops: dict[str, float] = {}
    before: Mapping[str, str] = {}
    for line in history:
        stops |= {segment: line.since or 0.0 for segment in line.stopped if segment not in before}
        before = line.stopped
    return stops


def _finding(
    segment: str, answers: Sequence[SettledReview], standing: SegmentStanding, rules: Rules, now: float
) -> AutomationAlarm:
    counted = [each for each in answers if each.segment == segment and each.opened_at > standing.since]
    mature = [each for each in counted if each.opened_at <= now - rules.maturity_s]
    risk = rules.risk_of(segment)
    found = progress(mature, risk, standing.threshold, standing.plan)
    detector = watched(DriftDetector(risk.level, MEAN_AUDITS_TO_FALSE_ALARM), counted)
    rate = audit_rate(detector, rules.rates, rules.rates.base if standing.audit is None else standing.audit)
    is_drifting = standing.threshold is not None and detector.alarmed
    return AutomationAlarm(
        segment, standing, risk, found, detector, rate, _alarm(detector, counted, risk) if is_drifting else None
    )


def _alarm(detector: DriftDetector, answers: Sequence[SettledReview], risk: RiskLevel) -> str:
    checked = [each for each in answers if each.is_automatic and each.is_drawn]
    wrong = sum(each.is_wrong for each in checked)
    return f"drift: {wrong} of {len(checked)} blind checks of automatic decisions were wrong, the level is {risk.level:g}"
