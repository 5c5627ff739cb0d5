"""Certificates and alarms row by row, as hitl.quality computes them of columns: slow, and easy to check by reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from hitl.canonical import fingerprint
from hitl.quality.arrays import Floats
from hitl.quality.automation import MEAN_AUDITS_TO_FALSE_ALARM, SETTLING_S, AutomationAlarm, Rules, SegmentStanding
from hitl.quality.certificate import RiskLevel, ScoredSample
from hitl.quality.certifying import Progress, estimate_missing_labels
from hitl.quality.checks import BlindCheck
from hitl.quality.drift import MULTIPLES, DriftDetector, step
from hitl.quality.eprocess import confidence_sequence
from hitl.quality.money import MoneyLevel, MoneyLost, loss_evidence
from hitl.quality.number_of import number_of
from hitl.quality.planning import CertificationPlan
from hitl.quality.prefixes import Draws
from hitl.quality.walks import reached_by_all
from hitl.quality.watching import Watch, audit_rate
from hitl.routing.coin import SampleStream, either
from tests.fakes.evidence_by_prefix import prefix_evidence


def findings(
    checks: Sequence[BlindCheck], model: str, policy: str, standings: Mapping[str, SegmentStanding], rules: Rules, now: float
) -> dict[str, AutomationAlarm]:
    """As hitl.quality.automation.findings, of checks in order of arrival."""
    ours = [each for each in checks if each.model_version == model and each.policy_version == policy]
    segments = sorted({each.segment for each in ours} | set(standings))
    return {name: _finding(name, ours, standings.get(name, SegmentStanding()), rules, now) for name in segments}


def progress(
    checks: Sequence[BlindCheck],
    risk: RiskLevel,
    plan: CertificationPlan,
    floor: float = 0.0,
    money: MoneyLevel | None = None,
    counts_audits: bool = False,
) -> Progress:
    """As hitl.quality.certifying.progress by a plan."""
    random = with_audits(checks) if counts_audits else [each for each in checks if each.is_random]
    counted, draws = _drawn([each for each in random if each.at > plan.since], floor)
    sample, waiting = _sample(counted), sum(each.wrong is None for each in counted)
    grid = np.array(plan.grid)
    found = prefix_evidence(sample, grid, risk.level, draws)
    inputs = _first_of_each_input(counted)
    proofs = [found.log_e]
    if len(inputs) < len(counted):
        once, once_draws = _drawn(inputs, floor)
        proofs = [np.minimum(found.log_e, prefix_evidence(_sample(once), grid, risk.level, once_draws).log_e)]
    if money is not None:
        proofs.append(np.minimum(*(_money_evidence(some, grid, money, floor) for some in (counted, inputs))))
    at = reached_by_all(proofs, plan)
    where = max(plan.starts, key=lambda start: start[1])[0] if at is None else at
    n, k = int(found.labels[where]), int(found.errors[where])
    bounds = confidence_sequence(k, n, risk.confidence)
    coverage = sum(_score(each) >= grid[where] for each in counted) / len(counted) if counted else 0.0
    told = (n, k, bounds.low, bounds.high, coverage, len(counted) - waiting, waiting)
    lost = None if money is None else _lost_above(counted, float(grid[where]), money)
    beside, digest = "" if lost is None else f"; {lost.words}", fingerprint([[each.case_id, each.wrong] for each in counted])
    if at is not None:
        reason = f"{number_of(k, 'error')} in {number_of(n, 'random answer')} at or above {grid[at]:.6g}{beside}"
        return Progress(float(grid[at]), *told, 0, reason, digest, plan, lost)
    answered = [each for each in counted if each.wrong is not None]
    wrong = np.array([each.wrong for each in answered], dtype=np.bool_)
    missing = estimate_missing_labels(np.array([_score(each) for each in answered]), wrong, risk, plan)
    return Progress(None, *told, missing, f"{_why_not(counted, risk, plan, missing)}{beside}", digest, plan, lost)


def watched(detector: DriftDetector, checks: Iterable[BlindCheck], due_before: float) -> Watch:
    """As hitl.quality.watching.watched."""
    audits = (each for each in checks if each.is_automatic)
    counted = list(takewhile(lambda each: each.wrong is not None or each.at < due_before, audits))
    wrong = [each.wrong is not False for each in counted]
    return Watch(after_each(detector, wrong), sum(wrong), sum(each.wrong is None for each in counted))


def after_each(detector: DriftDetector, wrong: Sequence[bool]) -> DriftDetector:
    """As the method of the same name, one audit after the other."""
    values, alarmed = np.array(detector.values), detector.alarmed
    for each in wrong:
        values = step(values, np.bool_(each), detector.level)
        alarmed = alarmed or sum(values.tolist()) / len(MULTIPLES) >= detector.height
    return replace(detector, values=tuple(values.tolist()), audits=detector.audits + len(wrong), alarmed=alarmed)


def with_audits(checks: Sequence[BlindCheck]) -> list[BlindCheck]:
    """As hitl.quality.check_columns.with_audits."""
    return [_by_either(each) for each in checks if each.is_random or _is_audit(each)]


def _is_audit(check: BlindCheck) -> bool:
    return check.is_automatic and check.audit_probability > 0 and SampleStream.AUDIT in check.streams


def _by_either(check: BlindCheck) -> BlindCheck:
    if not check.is_automatic or not check.audit_probability:
        return check
    return replace(check, probability=either(check.probability, check.audit_probability))


def _finding(segment: str, checks: Sequence[BlindCheck], standing: SegmentStanding, rules: Rules, now: float) -> AutomationAlarm:
    assert standing.plan is not None
    counted = [each for each in checks if each.segment == segment and each.at > standing.since]
    risk = rules.family.share_of(rules.risk_of(segment))
    old = [each for each in counted if each.at <= now - SETTLING_S]
    found = progress(old, risk, standing.plan, rules.least_draw, rules.money, rules.counts_audits)
    watch = watched(DriftDetector(risk.level, MEAN_AUDITS_TO_FALSE_ALARM), counted, now - rules.answered_within_s)
    rate = audit_rate(watch.detector, rules.rates, rules.rates.base if standing.audit is None else standing.audit)
    is_drifting = standing.threshold is not None and watch.detector.alarmed
    alarm = f"drift: {watch.told('automatic decisions')}" if is_drifting else None
    return AutomationAlarm(segment, standing, risk, found, watch.detector, rate, alarm, rules.family)


def _score(check: BlindCheck) -> float:
    return -1.0 if check.confidence is None else check.confidence


def _sample(checks: Sequence[BlindCheck]) -> ScoredSample:
    wrong = np.array([each.wrong is not False for each in checks], dtype=np.bool_)
    return ScoredSample(np.array([_score(each) for each in checks], dtype=np.float64), wrong)


def _equal(checks: Sequence[BlindCheck]) -> int:
    return next((at for at, each in enumerate(checks) if each.probability != checks[0].probability), len(checks))


def _drawn(checks: list[BlindCheck], floor: float) -> tuple[list[BlindCheck], Draws | None]:
    equal = _equal(checks)
    if equal == len(checks) or floor <= 0:
        return checks[:equal], None
    probability = np.array([each.probability for each in checks], dtype=np.float64)
    return checks, Draws(probability, equal, min(floor, float(probability.min())))


def _first_of_each_input(checks: Sequence[BlindCheck]) -> list[BlindCheck]:
    found: dict[str, BlindCheck] = {}
    for each in checks:
        found.setdefault(each.content or f"case {each.case_id}", each)
    return list(found.values())


def _money_evidence(checks: Sequence[BlindCheck], grid: Floats, level: MoneyLevel, floor: float) -> Floats:
    priced, scores = [each for each in checks if each.harm is not None], _sample
    losses = np.array([_loss(each, level) for each in priced], dtype=np.float64) / level.most
    probability, equal = np.array([each.probability for each in priced], dtype=np.float64), _equal(priced)
    if floor <= 0 or equal == len(priced):
        return loss_evidence(scores(priced[:equal]).scores, losses[:equal], grid, level.share.level)
    weights = np.where(np.arange(len(priced)) < equal, 1.0, min(floor, float(probability.min())) / probability)
    return loss_evidence(scores(priced).scores, losses, grid, level.share.level, weights)


def _lost_above(checks: Sequence[BlindCheck], threshold: float, level: MoneyLevel) -> MoneyLost:
    scores = {each.case_id: -1.0 if each.confidence is None else each.confidence for each in checks}
    above = [each for each in checks if each.harm is not None and scores[each.case_id] >= threshold]
    return MoneyLost(level.per_decision, level.most, float(sum(_loss(each, level) for each in above)), len(above))


def _loss(check: BlindCheck, level: MoneyLevel) -> float:
    return 0.0 if check.wrong is False else min(check.harm or 0.0, level.most)


def _why_not(checks: Sequence[BlindCheck], risk: RiskLevel, plan: CertificationPlan, missing: int | None) -> str:
    answered, first = [each for each in checks if each.wrong is not None], max(plan.starts, key=lambda start: start[1])[0]
    where = plan.grid[first if missing is not None else min(start for start, _ in plan.starts)]
    above = [each for each in answered if each.confidence is not None and each.confidence >= where]
    errors = sum(each.wrong is True for each in above)
    seen = f"{number_of(errors, 'error')} in {number_of(len(above), 'random answer')} at or above {where:.6g}"
    if missing is None:
        shows = f"{'shows' if errors == 1 else 'show'} a risk above {risk.level:g} even there"
        return f"{seen} {shows}, for the surest cases that are tested: the model must become better, more labels will not help"
    late = len(checks) - len(answered)
    delayed = f" (without an answer yet, and counted as wrong: {number_of(late, 'drawn case')})" if late else ""
    return f"{seen}{delayed}; needs about {number_of(missing, 'more label')} to show a risk under {risk.level:g}"
