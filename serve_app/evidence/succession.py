"""Why an approved challenger does not take over yet, by the evidence of the task."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hitl.learning.journalled.questions import VaultScoresOf
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.automation import AutomationAlarm
from hitl.quality.checks import BlindCheck
from hitl.quality.succession import Thresholds, is_under_test, measure_automation
from hitl.quality.vault import as_scored
from hitl.routing.policy import Policy
from hitl.routing.rules import CompiledPolicy
from hitl.serving.questions import CertificationPlans, History, ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf, counted_evidence, look, may_be_automatic, said_by_people
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.vault import checks_of_model


class Succession:
    """Asked before each deployment."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        evidence: TaskEvidence,
        policy_of: PolicyOf,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._tasks, self._evidence, self._policy_of, self._wall = shards, tasks, evidence, policy_of, wall

    async def waits_for(self, task: str, challenger: str) -> str | None:
        """In words what an approved ``challenger`` waits for; None: it may take over. Raises Unavailable while a shard
        recovers."""
        serving = await self._shards.ask(APPROVAL, ServingOf(task))
        compiled = self._policy_of(task, serving)
        if not self._may_wait(task, serving, compiled.policy):
            return None
        champion = max(serving.versions, key=lambda version: version[1])[0]
        found = await self._findings(task, champion, serving, compiled)
        held: Thresholds = {name: each.standing.threshold for name, each in found.items()}
        if all(threshold is None for threshold in held.values()):
            return "what serves is about to earn its first certificate" if any(map(is_under_test, found.values())) else None
        rows = await self._rows(task, champion, challenger, compiled)
        earned = _thresholds(serving, challenger, compiled.version)
        shares = measure_automation(rows, held, earned)
        if shares.is_enough:
            return None
        return (
            f"it has earned {shares.challenger:.0%} of automation where what serves has {shares.champion:.0%}"
            f" (by {shares.rows} cases of the vault)"
        )

    def _may_wait(self, task: str, serving: ServingView, policy: Policy) -> bool:
        spec = self._tasks[task]
        earns = policy.risk != "uncertified" and spec.vault.share > 0
        return earns and bool(serving.versions) and spec.approval.takes_over == "when_certified"

    async def _findings(
        self, task: str, champion: str, serving: ServingView, compiled: CompiledPolicy
    ) -> dict[str, AutomationAlarm]:
        checks = await checks_of_model(self._evidence, self._shards, task, champion, compiled)
        people = await said_by_people(self._evidence, self._tasks[task], compiled.policy)
        history = (await self._shards.ask(APPROVAL, History(task))).history
        plans = (await self._shards.ask(APPROVAL, CertificationPlans(task))).plans
        counted = counted_evidence(self._tasks[task], compiled.policy, checks, people, self._wall())
        return look(champion, serving, history, plans, compiled, counted).findings

    async def _rows(
        self, task: str, champion: str, challenger: str, compiled: CompiledPolicy
    ) -> Sequence[tuple[BlindCheck, BlindCheck]]:
        """Return the vault's cases that both scored, as each of them did; the champion's own count as they came."""
        asked = [VaultScoresOf(task, model, compiled.version) for model in (champion, challenger)]
        old, new = [(await self._shards.ask(LEARNING, each)).scores for each in asked]
        rows = []
        for check in await self._evidence.checks(task, new):
            is_own = (check.model_version, check.policy_version) == (champion, compiled.version)
            if is_own or check.case_id in old:
                ours = check if is_own else as_scored(check, old[check.case_id], champion, compiled.version)
                rows.append((ours, as_scored(check, new[check.case_id], challenger, compiled.version)))
        return [_as_allowed(compiled.policy, *row) for row in rows]


def _as_allowed(policy: Policy, *row: BlindCheck) -> tuple[BlindCheck, BlindCheck]:
    """A case that a rule sends to people is below every threshold."""
    one, other = (each if may_be_automatic(policy, each) else _unsure(each) for each in row)
    return one, other


def _unsure(check: BlindCheck) -> BlindCheck:
    return replace(check, confidence=None)


def _thresholds(serving: ServingView, model: str, policy_version: str) -> Thresholds:
    certified = serving.thresholds.get(model, {})
    return certified.get("segments", {}) if certified.get("policy_version") == policy_version else {}
