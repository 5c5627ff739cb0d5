"""Decide what a task's blind checks imply for its automation: another threshold, a stop, another audit rate, or nothing.

Per served model and per segment, for the policy in force. After a stop only cases that came later count: what was shown before an
alarm says nothing about what the world is like now. A certificate is a function of its labels as they stand: it is withdrawn once
corrected or reopened ones no longer bear it out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, cast

from hitl.canonical import JsonObject, to_plain
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import Progress, progress
from hitl.quality.check_columns import CheckColumns, Checks, as_columns
from hitl.quality.drift import AuditRates, DriftDetector
from hitl.quality.family import ALONE, CertificateFamily
from hitl.quality.money import MoneyLevel
from hitl.quality.planning import CertificationPlan
from hitl.quality.watching import ANSWERED_WITHIN_S, Watch, audit_rate, watched
from hitl.serving.views import ServingView

MEAN_AUDITS_TO_FALSE_ALARM = 1000.0
SETTLING_S = 60.0
"""Gateways stamp cases by clocks of their own: a certificate rests on cases so old that no earlier one is still to be seen."""


@dataclass(frozen=True, slots=True)
class SegmentStanding:
    """One segment under one model, by the journal: the ``threshold`` in force, the ``plan`` by which thresholds are tested, why
    nothing is automatic (``stopped``), and since when cases count (``since``, UTC seconds)."""

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
    """Among a segment's automatic decisions at most ``level`` may be wrong, with probability ``confidence``; both in (0, 1).
    ``family``: the certificate of ``each`` segment holds by itself, or those of ``all`` ``segments`` that the policy declares
    hold ``together`` with so much confidence (None: they do not), for which each is tested at a higher one."""

    level: float
    confidence: float
    family: Literal["each", "all"] = "each"
    segments: int = 1
    together: float | None = None


@dataclass(frozen=True, slots=True)
class SegmentFinding(Progress):
    """The progress of a segment's certificate, beside the threshold that is ``in_force``, why nothing is automatic
    (``stopped``), since when answers count (UTC seconds), and the probability in [0, 1] of a blind check. ``gold`` is the former
    name of ``random_answers``."""

    in_force: float | None
    stopped: str | None
    since: float
    risk: SegmentRisk
    drift: DriftProgress
    audit_probability: float
    gold: int


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
    family: CertificateFamily = ALONE

    @property
    def threshold(self) -> float | None:
        """The threshold that shall be in force. What was certified before plans were journalled stays until there is one."""
        return self.standing.threshold if self.standing.plan is None else self.progress.threshold

    @property
    def is_news(self) -> bool:
        """Whether another threshold is certified than the one in force."""
        return self.alarm is None and self.threshold is not None and self.threshold != self.standing.threshold

    @property
    def is_lost(self) -> bool:
        """Whether the labels no longer bear out any threshold, and one is in force."""
        return self.alarm is None and self.threshold is None and self.standing.threshold is not None

    def view(self) -> SegmentFinding:
        """Return the finding as people see it."""
        return SegmentFinding(
            **{each.name: getattr(self.progress, each.name) for each in fields(Progress)},
            in_force=self.standing.threshold,
            stopped=self.standing.stopped,
            since=self.standing.since,
            risk=_risk_view(self.risk, self.family),
            drift=DriftProgress(self.detector.audits, self.detector.evidence, self.detector.height),
            audit_probability=self.audit,
            gold=self.progress.random_answers,
        )

    def plain(self) -> JsonObject:
        """As JSON, for the journal."""
        return cast(JsonObject, to_plain(self.view()))


@dataclass(frozen=True, slots=True)
class Rules:
    """``risk_of`` a segment; ``rates`` of audits; a check that nobody answered within ``answered_within_s`` counts as wrong;
    ``least_draw`` is the least probability with which a check that proves something was drawn, and ``counts_audits`` whether
    audits are among those; ``family`` says which certificates hold together; a ``money`` level must be kept too."""

    risk_of: Callable[[str], RiskLevel]
    rates: AuditRates = field(default_factory=AuditRates)
    answered_within_s: float = ANSWERED_WITHIN_S
    least_draw: float = 0.0
    family: CertificateFamily = ALONE
    money: MoneyLevel | None = None
    counts_audits: bool = False


def findings(
    checks: Checks, model: str, policy: str, standings: Mapping[str, SegmentStanding], rules: Rules, now: float
) -> dict[str, AutomationAlarm]:
    """By segment, for every segment that the checks, in order of arrival, or the journal know of."""
    known = as_columns(checks)
    ours = known.where(known.of_kind(lambda kind: (kind.model_version, kind.policy_version) == (model, policy)))
    segments = sorted(ours.segments | set(standings))
    return {name: _finding(name, ours, standings.get(name, SegmentStanding()), rules, now) for name in segments}


def last_stops(history: Sequence[ServingView]) -> dict[str, float]:
    """Return the time of the last stop of each segment, from the lines of a task's serving history."""
    stops: dict[str, float] = {}
    before: Mapping[str, str] = {}
    for line in history:
        stops |= {segment: line.since or 0.0 for segment in line.stopped if segment not in before}
        before = line.stopped
    return stops


def _finding(segment: str, checks: CheckColumns, standing: SegmentStanding, rules: Rules, now: float) -> AutomationAlarm:
    counted = checks.where(checks.in_segment(segment) & (checks.at > standing.since))
    risk = rules.family.share_of(rules.risk_of(segment))
    old = counted.where(counted.at <= now - SETTLING_S)
    found = progress(old, risk, standing.plan, rules.least_draw, rules.money, rules.counts_audits)
    watch = watched(DriftDetector(risk.level, MEAN_AUDITS_TO_FALSE_ALARM), counted, now - rules.answered_within_s)
    rate = audit_rate(watch.detector, rules.rates, rules.rates.base if standing.audit is None else standing.audit)
    is_drifting = standing.threshold is not None and watch.detector.alarmed
    alarm = _alarm(watch) if is_drifting else None
    return AutomationAlarm(segment, standing, risk, found, watch.detector, rate, alarm, rules.family)


def _risk_view(risk: RiskLevel, family: CertificateFamily) -> SegmentRisk:
    kind: Literal["each", "all"] = "each" if family.together is None else "all"
    return SegmentRisk(risk.level, risk.confidence, kind, family.segments, family.together)


def _alarm(watch: Watch) -> str:
    return f"drift: {watch.told('automatic decisions')}"
