"""The figures behind the charts: each from journalled answers, with n and interval, or with the cause that it is missing."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fastapi import APIRouter, Response

from hitl.approval.questions import Approvals
from hitl.approval.views import ApprovalView
from hitl.canonical import fingerprint
from hitl.identity import Role
from hitl.machine.shards import APPROVAL
from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.answers import SettledReview
from hitl.quality.automation import MEAN_AUDITS_TO_FALSE_ALARM, last_stops
from hitl.quality.between_people import PeopleAgreement, between_people
from hitl.quality.curves import model_curves
from hitl.quality.drift import DriftDetector
from hitl.quality.drift_path import drift_path
from hitl.quality.learning_curve import learning_curve
from hitl.quality.period import Period
from hitl.quality.traffic import DAY_S, Traffic
from hitl.quality.waiting import waiting
from hitl.routing.policy import Policy
from hitl.serving.questions import History, ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.api.routes.quality import PEOPLE, aged
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.periods import AskedPeriod
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.quality import DriftPaths, TaskCurves
from serve_app.evidence.evidence import EvidenceOf, TaskEvidence
from serve_app.setup.policies import policy_in_force

router = APIRouter(tags=["quality"], route_class=StrictRoute)

DAYS = 7
HOUR_S = 3600.0
MOST_SEGMENTS = 20


@dataclass(frozen=True, slots=True)
class _Known:
    """What the journals and the intake say of one task."""

    spec: TaskSpec
    policy: Policy
    serving: ServingView
    history: Sequence[ServingView]
    deployed: Sequence[ApprovalView]
    answers: AnswerColumns
    pairs: Sequence[SettledReview]
    traffic: Traffic
    now: float
    period: Period | None

    @property
    def model(self) -> str | None:
        """The version that decides the most cases."""
        shares = dict(self.serving.versions)
        return max(shares, key=lambda digest: shares[digest], default=None)


@router.get("/v1/quality/{task}/curves", summary="The figures behind the charts, with n and interval (any person of the task)")
async def show_curves(
    task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, period: AskedPeriod, response: Response
) -> TaskCurves:
    """Of the version that decides the most cases, by blind answers, each weighted by one over its probability. ``live`` are the
    thresholds in force by segment. Of all time, or of the cases that came from `since` on, before `until`. A part without figures
    says in ``missing`` what it waits for. Operators see people's names."""
    caller.principal.require("see quality", *PEOPLE)
    spec, named = ports.task(task, caller.principal), caller.principal.may(Role.OPERATOR)

    serving = await ports.shards.ask(APPROVAL, ServingOf(task))

    async def computed() -> TaskCurves:
        return await asyncio.to_thread(_shown, await _known(ports, evidence, spec, serving, period), named)

    return aged(response, await evidence.figures(("curves", fingerprint(asdict(serving)), period, named), task, computed))


async def _known(ports: ApiPorts, evidence: EvidenceOf, spec: TaskSpec, serving: ServingView, period: Period | None) -> _Known:
    answers = await evidence.columns(spec.task, period)
    return _Known(
        spec,
        policy_in_force(ports.policies[spec.task], spec.labels, serving).policy,
        serving,
        (await ports.shards.ask(APPROVAL, History(spec.task))).history,
        (await ports.shards.ask(APPROVAL, Approvals("deployed", spec.task, "model_deployment"))).approvals,
        answers,
        await _pairs(evidence, spec.task, answers, period),
        await evidence.traffic(spec.task),
        ports.wall(),
        period,
    )


async def _pairs(evidence: TaskEvidence, task: str, answers: AnswerColumns, period: Period | None) -> Sequence[SettledReview]:
    """Return the answers where several people gave some: none are read otherwise."""
    if not bool((answers.votes > 1).any()):
        return []
    found = await evidence.answers(task)
    return found if period is None else period.answers(found)


def _between_people(known: _Known, named: bool) -> PeopleAgreement:
    """That nothing fits has no place on a scale."""
    if known.spec.answer.is_ordered:
        return between_people(known.pairs, known.spec.labels, named, "ordinal")
    return between_people(known.pairs, known.spec.answers, named)


def _shown(known: _Known, named: bool) -> TaskCurves:
    found = model_curves(known.answers, known.model)
    return TaskCurves(
        labels=found.labels,
        risk_coverage=found.risk_coverage,
        reliability=found.reliability,
        missing=found.missing,
        task=known.spec.task,
        model=known.model,
        live=_live(known),
        cases_per_hour=_pace(known.traffic, known.now),
        learning=learning_curve(known.history, known.deployed),
        agreement=_between_people(known, named),
        drift=_drift(known),
        waiting=waiting(known.answers),
        period=known.period,
    )


def _live(known: _Known) -> dict[str, float | None]:
    """By segment: the certified threshold, None where nothing is; for an uncertified task its band."""
    if known.policy.risk == "uncertified":
        return {"all": known.policy.automatic}
    certified = known.serving.thresholds.get(known.model or "", {})
    segments: dict[str, float | None] = certified.get("segments", {})
    return segments


def _pace(traffic: Traffic, now: float) -> float | None:
    """Cases an hour over the newest days that had any, None before the first."""
    days = [day for day in traffic.days() if day > now // DAY_S - DAYS]
    if not days:
        return None
    hours = max(now / HOUR_S - days[0] * DAY_S / HOUR_S, 1.0)
    return traffic.sum(None, lambda cell: cell.day >= days[0]).cases / hours


def _drift(known: _Known) -> DriftPaths:
    answers, model, stops = known.answers, known.model, last_stops(known.history)
    ours = answers.where(answers.of_kind(lambda kind: kind.model_version == model))
    segments = sorted(ours.where(ours.is_check).segments)[:MOST_SEGMENTS]
    paths = {name: drift_path(_since(ours, name, stops.get(name, 0.0)), _detector(known.policy, name)) for name in segments}
    return DriftPaths(
        segments={name: path for name, path in paths.items() if path},
        alarm_at=None if known.policy.risk == "uncertified" else MEAN_AUDITS_TO_FALSE_ALARM,
        missing=None if any(paths.values()) else "no automatic decision of this version has been checked blind yet",
    )


def _since(answers: AnswerColumns, segment: str, stop: float) -> AnswerColumns:
    return answers.where(answers.of_kind(lambda kind: kind.segment == segment) & (answers.opened_at > stop))


def _detector(policy: Policy, segment: str) -> DriftDetector | None:
    terms = policy.risk_of(segment)
    return None if terms is None else DriftDetector(terms.level, MEAN_AUDITS_TO_FALSE_ALARM)
