"""How often decisions are wrong, how sure that is, what may therefore be automatic, and which targets are met."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from math import ceil
from typing import TypeVar

from fastapi import APIRouter, Response

from hitl.canonical import fingerprint
from hitl.identity import Role
from hitl.machine.shards import APPROVAL
from hitl.quality.answers import KnownAnswer
from hitl.quality.automation import SegmentFinding
from hitl.quality.concord import concord_of
from hitl.quality.figures import Book, figures
from hitl.quality.left_out import LeftOutFigures, left_out_figures
from hitl.quality.people_errors import tally_of
from hitl.quality.period import Period
from hitl.quality.report import QualityReport, TargetVerdict, judged, quality_report
from hitl.quality.reviewers import figures_of
from hitl.quality.unanswered import MATURE_AFTER_S, UnansweredChecks, unanswered
from hitl.quality.vault_evidence import VaultComparison
from hitl.routing.cost import costs_of
from hitl.routing.policy import Risk
from hitl.routing.rules import CompiledPolicy
from hitl.serving.questions import Certificates, CertificationPlans, History, ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.periods import AskedPeriod
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.quality import CertificateOverview, RiskOfTask, TargetVerdicts, TaskAgreement, TaskQuality, TaskReviewers
from serve_app.evidence.certifying import Looked, counted_evidence, look, said_by_people
from serve_app.evidence.definition import parts_of
from serve_app.evidence.evidence import EvidenceOf, TaskEvidence
from serve_app.evidence.recent import Told
from serve_app.evidence.succession import Succession
from serve_app.evidence.vault import beside_champion, candidates, checks_of_model
from serve_app.setup.policies import policy_in_force

router = APIRouter(tags=["quality"], route_class=StrictRoute)

T = TypeVar("T")

CERTIFICATE_S = 60.0
"""How old the certificates of a long task may be that are told while new ones are computed."""

PEOPLE = (Role.REVIEWER, Role.EXPERT, Role.APPROVER, Role.TRAINER, Role.OPERATOR)


@router.get("/v1/quality/{task}", summary="Every figure with interval and n, whole and by part (any person of the task)")
async def show_quality(task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, period: AskedPeriod) -> TaskQuality:
    """Of all time, or of the cases that came from `since` on, before `until`: to ten minutes in the last two days, else to whole
    UTC days. The answer names the time that it is about."""
    spec = _task(ports, caller, task)
    task, serving = spec.task, await ports.shards.ask(APPROVAL, ServingOf(spec.task))
    found, checks = await _report(ports, evidence, spec, serving, period)
    return TaskQuality(
        figures=found.figures,
        parts=found.parts,
        targets=found.targets,
        segments=found.segments,
        groups=found.groups,
        days=found.days,
        task=task,
        risk=_risk(ports, spec, serving),
        stopped=serving.stopped,
        unanswered=checks,
        left_out=await _left_out(evidence, spec),
        archive_gaps=evidence.archive_gaps,
        deleted_days=evidence.deleted_days(task),
        period=period,
    )


@router.get("/v1/quality/{task}/certificate", summary="What may be automatic, by which proof, or what is missing (any person)")
async def show_certificate(
    task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, response: Response
) -> CertificateOverview:
    """``models`` shows what was found just now in each segment, for each serving version and each challenger that waits for
    votes; ``certificates`` are those that the journal holds, newest last."""
    spec, serving = _task(ports, caller, task), await ports.shards.ask(APPROVAL, ServingOf(task))
    compute = partial(_certificate, ports, evidence, spec, serving)
    return aged(response, await evidence.figures(("certificate", fingerprint(asdict(serving))), task, compute, CERTIFICATE_S))


async def _certificate(ports: ApiPorts, evidence: TaskEvidence, spec: TaskSpec, serving: ServingView) -> CertificateOverview:
    task = spec.task
    kept = await ports.shards.ask(APPROVAL, Certificates(task))
    return CertificateOverview(
        task=task,
        risk=_risk(ports, spec, serving),
        stopped=serving.stopped,
        audit=serving.audit,
        models=await _found(ports, evidence, spec, serving),
        certificates=kept.certificates,
        challengers=await _challengers(ports, evidence, spec, serving),
        waits_for=await _waits_for(ports, evidence, spec, serving),
        left_out=await _left_out(evidence, spec),
        archive_gaps=evidence.archive_gaps,
        deleted_days=evidence.deleted_days(task),
    )


@router.get("/v1/quality/{task}/reviewers", summary="Errors, drift and rubber-stamping of each person (operator)")
async def show_reviewers(
    task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, period: AskedPeriod
) -> TaskReviewers:
    """Of all time, or of the cases that came for people from `since` on, before `until`, and of the tests answered then."""
    caller.principal.require("see how people answer", Role.OPERATOR)
    ports.task(task, caller.principal)
    return TaskReviewers(task, await asyncio.to_thread(figures_of, await evidence.people(task, period)), period)


@router.get(
    "/v1/quality/{task}/agreement", summary="How far people agree with each other, plainly and beyond chance (any person)"
)
async def show_agreement(
    task: str, ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, period: AskedPeriod
) -> TaskAgreement:
    """Of all time, or of the cases that came for people from `since` on, before `until`."""
    spec = _task(ports, caller, task)
    asked = (spec.answers, spec.answer.is_ordered, spec.answer.right_within)
    voted, segments = await evidence.voted(task, period), (await evidence.columns(task, period)).segments
    found = await asyncio.to_thread(concord_of, voted, segments, *asked)
    figures = (found.cases, found.raw, found.alpha, found.blind, found.segments, found.scale)
    return TaskAgreement(*figures, task=task, period=period)


@router.get("/v1/targets", summary="Each target as met, missed or not enough evidence, by task (any person, of their tasks)")
async def show_targets(ports: PortsOf, evidence: EvidenceOf, caller: AnyCaller, period: AskedPeriod) -> TargetVerdicts:
    """Of all time, or of the cases that came from `since` on, before `until`. The answer names the time that it is about."""
    caller.principal.require("see targets", *PEOPLE)
    specs = {name: spec for name, spec in ports.tasks.items() if caller.principal.sees(name)}
    return TargetVerdicts({name: await _targets(ports, evidence, spec, period) for name, spec in specs.items()}, period)


def aged(response: Response, told: Told[T]) -> T:
    """Return what was told; figures that are older than the question say so in the header ``Age`` (seconds)."""
    if told.age_s > 0:
        response.headers["Age"] = str(ceil(told.age_s))
    return told.value


def _task(ports: ApiPorts, caller: Caller, task: str) -> TaskSpec:
    caller.principal.require("see quality", *PEOPLE)
    return ports.task(task, caller.principal)


async def _targets(ports: ApiPorts, evidence: EvidenceOf, spec: TaskSpec, period: Period | None) -> list[TargetVerdict]:
    serving = await ports.shards.ask(APPROVAL, ServingOf(spec.task))
    book = await _book(ports, evidence, spec, serving, period)
    return judged(await asyncio.to_thread(figures, book), ports.targets)


async def _tests_in(evidence: EvidenceOf, task: str, period: Period | None) -> Sequence[KnownAnswer]:
    known = await evidence.known(task)
    return known if period is None else [each for each in known if period.since <= each.at < period.until]


async def _left_out(evidence: EvidenceOf, spec: TaskSpec) -> LeftOutFigures | None:
    if spec.review.lazy_answers == "count":
        return None
    return left_out_figures((await evidence.left_out(spec.task)).values())


def _maturity_s(spec: TaskSpec) -> float:
    """Return the task's own, where its file states one."""
    hours = spec.risk.maturity_hours if isinstance(spec.risk, Risk) else 0.0
    return hours * 3600.0 or MATURE_AFTER_S


async def _book(
    ports: ApiPorts, evidence: TaskEvidence, spec: TaskSpec, serving: ServingView, period: Period | None = None
) -> Book:
    traffic, known = await evidence.traffic(spec.task), await _tests_in(evidence, spec.task, period)
    answers = await evidence.columns(spec.task, period)
    return Book(
        traffic if period is None else traffic.within(period.since, period.until, ports.wall()),
        answers,
        people=tally_of(answers, known),
        costs=costs_of(policy_in_force(ports.policies[spec.task], spec.labels, serving).policy),
        ripe_at=ports.wall() - _maturity_s(spec),
        by_part={part: await evidence.columns(spec.task, period, part) for part in parts_of(spec)},
    )


async def _report(
    ports: ApiPorts, evidence: TaskEvidence, spec: TaskSpec, serving: ServingView, period: Period | None
) -> tuple[QualityReport, UnansweredChecks]:
    """Return the report of the period beside the checks of all time that nobody answered."""
    book = await _book(ports, evidence, spec, serving, period)
    answers = book.answers if period is None else await evidence.columns(spec.task)
    traffic = await evidence.traffic(spec.task)

    def reported() -> tuple[QualityReport, UnansweredChecks]:
        silent = unanswered(traffic, answers, ports.wall(), _maturity_s(spec))
        return quality_report(book, ports.targets, parts_of(spec), evidence.days.of), silent

    return await asyncio.to_thread(reported)


def _risk(ports: ApiPorts, spec: TaskSpec, serving: ServingView) -> RiskOfTask:
    return policy_in_force(ports.policies[spec.task], spec.labels, serving).policy.risk


async def _challengers(ports: ApiPorts, evidence: EvidenceOf, spec: TaskSpec, serving: ServingView) -> dict[str, VaultComparison]:
    policy, found = policy_in_force(ports.policies[spec.task], spec.labels, serving), dict[str, VaultComparison]()
    for each in await candidates(ports.shards, spec.task, [model for model, _ in serving.versions]):
        compared = await beside_champion(evidence, ports.shards, serving, policy, each.digest)
        found |= {} if compared is None else {each.digest: compared}
    return found


async def _waits_for(ports: ApiPorts, evidence: EvidenceOf, spec: TaskSpec, serving: ServingView) -> dict[str, str]:
    def policy_of(task: str, now: ServingView) -> CompiledPolicy:
        return policy_in_force(ports.policies[task], spec.labels, now)

    succession, found = Succession(ports.shards, ports.tasks, evidence, policy_of, ports.wall), dict[str, str]()
    for each in await candidates(ports.shards, spec.task, [model for model, _ in serving.versions]):
        why = await succession.waits_for(spec.task, each.digest)
        found |= {} if why is None else {each.digest: why}
    return found


async def _found(
    ports: ApiPorts, evidence: EvidenceOf, spec: TaskSpec, serving: ServingView
) -> dict[str, dict[str, SegmentFinding]]:
    """Nothing for an uncertified task: there is nothing to prove."""
    policy = policy_in_force(ports.policies[spec.task], spec.labels, serving)
    if policy.policy.risk == "uncertified":
        return {}
    history = (await ports.shards.ask(APPROVAL, History(spec.task))).history
    plans = (await ports.shards.ask(APPROVAL, CertificationPlans(spec.task))).plans
    looks, now = dict[str, Looked](), ports.wall()
    people = await said_by_people(evidence, spec, policy.policy)
    serves = [model for model, _ in serving.versions]
    for model in (*serves, *(each.digest for each in await candidates(ports.shards, spec.task, serves))):
        checks = await checks_of_model(evidence, ports.shards, spec.task, model, policy)
        counted = await asyncio.to_thread(counted_evidence, spec, policy.policy, checks, people, now)
        looks[model] = await asyncio.to_thread(look, model, serving, history, plans, policy, counted)
    return {model: {name: found.view() for name, found in each.findings.items()} for model, each in looks.items()}
