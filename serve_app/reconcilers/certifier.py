"""Earn and stop automation: turn the blind checks of each certified task into commands to the approval shard.

A plan is submitted before anything is certified, a certificate when another threshold is reached, its withdrawal when the labels
no longer bear it out, a stop when the checks of automatic decisions raise the alarm, an audit rate when suspicion grows or fades.
Each takes effect through the serving generation, so everywhere at once.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from hitl.approval.kinds import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.approval.state import RequestStatus
from hitl.canonical import JsonObject, fingerprint, to_plain
from hitl.errors import StaleCertificate, StaleGeneration
from hitl.learning.journalled.questions import ShadowsOf
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.automation import AutomationAlarm
from hitl.quality.certificate import ScoredSample
from hitl.quality.held_out import samples_of
from hitl.quality.shadow import ModelFigures, model_figures
from hitl.quality.vault_evidence import VaultComparison
from hitl.routing.rules import CompiledPolicy
from hitl.serving.commands import Certify, PlanCertification, SetAuditRate, StopAutomation, WithdrawCertificate
from hitl.serving.questions import CertificationPlans, History, ServingOf
from hitl.serving.trial import Trial, trial_of
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import (
    Looked,
    PolicyOf,
    counted_evidence,
    cycle_of,
    look,
    new_plans,
    said_by_people,
    thresholds_after,
)
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.vault import UNDECIDED, beside_champion, candidates, checks_of_model
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.canary import move

CERTIFIER = "certifier"
"""Who certifies and stops, in the journal: not a person."""

METHOD = "anytime-valid e-processes on the random sample in order of arrival, unanswered as wrong, fixed sequence of thresholds"

log = json_log()

_Submitted: TypeAlias = PlanCertification | Certify | WithdrawCertificate | StopAutomation | SetAuditRate


class Certifier:
    """Looks at every task whose policy states a risk level; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        evidence: TaskEvidence,
        policy_of: PolicyOf,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._tasks, self._evidence = shards, tasks, evidence
        self._policy_of, self._wall = policy_of, wall

    async def once(self) -> None:
        for task in self._tasks:
            serving = await self._shards.ask(APPROVAL, ServingOf(task))
            policy = self._policy_of(task, serving)
            if policy.policy.risk != "uncertified" and serving.versions:
                await self._look_after(task, serving, policy)

    async def _look_after(self, task: str, serving: ServingView, policy: CompiledPolicy) -> None:
        history = (await self._shards.ask(APPROVAL, History(task))).history
        trial = trial_of(history) if self._tasks[task].approval.canary else None
        for each in await candidates(self._shards, task, [model for model, _ in serving.versions]):
            await self._look_ahead(task, each.digest, serving, history, policy)
        for model, _ in serving.versions:
            looked = await self._planned(task, model, serving, history, policy)
            alarm = next((finding.alarm for finding in looked.findings.values() if finding.alarm), None)
            if trial is not None and model == trial.challenger and alarm is not None:
                await self._send_back(task, trial, alarm)
            else:
                await self._act(task, looked)

    async def _look_ahead(
        self, task: str, model: str, serving: ServingView, history: Sequence[ServingView], policy: CompiledPolicy
    ) -> None:
        """Certify a challenger on the vault, so that its thresholds come into force together with it."""
        looked = await self._planned(task, model, serving, history, policy)
        if any(finding.is_news for finding in looked.findings.values()):
            compared = await beside_champion(self._evidence, self._shards, serving, policy, model)
            shadow = (await self._shards.ask(LEARNING, ShadowsOf(task))).models.get(model)
            figures = None if shadow is None else model_figures(shadow)
            told = {"vault": _plain(compared), "shadow": _plain(figures)}
            await self._certify(task, looked, {name: each for name, each in told.items() if each is not None})
        for finding in looked.findings.values():
            if finding.is_lost:
                await self._withdraw(task, looked, finding)

    async def _planned(
        self, task: str, model: str, serving: ServingView, history: Sequence[ServingView], policy: CompiledPolicy
    ) -> Looked:
        """Return what is found for the model, with the plans that had to be made for it first."""
        checks = await checks_of_model(self._evidence, self._shards, task, model, policy)
        people = await said_by_people(self._evidence, self._tasks[task], policy.policy)
        evidence = counted_evidence(self._tasks[task], policy.policy, checks, people, self._wall())

        async def looked() -> Looked:
            plans = (await self._shards.ask(APPROVAL, CertificationPlans(task))).plans
            return look(model, serving, history, plans, policy, evidence)

        found = await looked()
        if all(finding.standing.plan is not None for finding in found.findings.values()):
            return found
        cycle = cycle_of((await self._shards.ask(APPROVAL, CertificationPlans(task))).plans, model, policy.version)
        plans = new_plans(found, policy, evidence, await self._held_out(task, model, policy), cycle)
        if not plans:
            return found
        command = PlanCertification(task, model, policy.version, {name: plan.plain() for name, plan in plans.items()})
        await self._submit(command, ["plan", task, model, policy.version, sorted(plans)])
        return await looked()

    async def _held_out(self, task: str, model: str, policy: CompiledPolicy) -> dict[str, ScoredSample]:
        """Return the rows that the training run of the model held out, by segment; none where its evidence has none."""
        kind = ApprovalKind.MODEL_DEPLOYMENT
        asked = [Approvals(status.value, task, kind) for status in (*UNDECIDED, RequestStatus.DEPLOYED)]
        approvals = [one for each in asked for one in (await self._shards.ask(APPROVAL, each)).approvals]
        evidence = next((each.evidence for each in reversed(approvals) if each.digest == model), {})
        return samples_of(evidence, policy.policy.segments)

    async def _send_back(self, task: str, trial: Trial, alarm: str) -> None:
        """A challenger's errors end its trial; the champion has its own certificate, and goes on."""
        try:
            await move(self._shards, task, trial, 0.0, alarm, CERTIFIER)
        except StaleGeneration as error:
            log.info("certifier looks again", task=task, why=str(error))

    async def _act(self, task: str, looked: Looked) -> None:
        """Stops come first: what alarms shall not wait for what goes well."""
        for finding in looked.findings.values():
            if finding.alarm is not None:
                await self._stop(task, looked, finding)
            elif finding.is_lost:
                await self._withdraw(task, looked, finding)
        if any(finding.is_news for finding in looked.findings.values()):
            await self._certify(task, looked)
        for finding in looked.findings.values():
            if finding.standing.threshold is not None and finding.alarm is None:
                await self._set_rate(task, looked, finding)

    async def _stop(self, task: str, looked: Looked, finding: AutomationAlarm) -> None:
        command = StopAutomation(task, finding.segment, finding.alarm or "", CERTIFIER)
        await self._submit(command, ["stop", task, looked.generation, finding.segment])
        log.error("automation stopped", task=task, segment=finding.segment, reason=finding.alarm)

    async def _withdraw(self, task: str, looked: Looked, finding: AutomationAlarm) -> None:
        reason = f"the labels no longer bear out the threshold {finding.standing.threshold:.6g}: {finding.progress.reason}"
        command = WithdrawCertificate(task, looked.model, finding.segment, reason, CERTIFIER)
        await self._submit(command, ["withdraw", task, looked.model, looked.generation, finding.segment])
        log.error("certificate withdrawn", task=task, segment=finding.segment, reason=reason)

    async def _certify(self, task: str, looked: Looked, beside: JsonObject | None = None) -> None:
        """``beside``: how a challenger that does not serve yet compares with the champion."""
        certificate: JsonObject = {
            "task": task,
            "method": METHOD,
            "versions": {"model": looked.model, "calibrator": looked.model, "policy": looked.policy_version},
            "at": self._wall(),
            "read": {**self._evidence.cursors(task)},
            "segments": {name: finding.plain() for name, finding in looked.findings.items() if finding.alarm is None},
            **(beside or {}),
        }
        command = Certify(task, certificate, thresholds_after(looked))
        try:
            await self._submit(command, ["certify", task, looked.generation, certificate])
        except StaleCertificate as error:
            log.info("certificate came too late", task=task, why=str(error))
            return
        log.info("certified", task=task, model=looked.model, thresholds=command.thresholds)

    async def _set_rate(self, task: str, looked: Looked, finding: AutomationAlarm) -> None:
        if finding.audit == (looked.base_audit if finding.standing.audit is None else finding.standing.audit):
            return
        reason = f"evidence of drift {finding.detector.evidence:.3g}, the alarm is at {finding.detector.height:g}"
        command = SetAuditRate(task, finding.segment, finding.audit, reason, CERTIFIER)
        await self._submit(command, ["audit", task, looked.generation, finding.segment, finding.audit])

    async def _submit(self, command: _Submitted, key: list[Any]) -> None:
        command_id = fingerprint(key)
        await self._shards.submit(APPROVAL, Envelope(command, command_id, command_id, CERTIFIER, f"{CERTIFIER}-{key[0]}"))


def _plain(figures: VaultComparison | ModelFigures | None) -> JsonObject | None:
    return None if figures is None else cast(JsonObject, to_plain(figures))
