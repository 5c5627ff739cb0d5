"""Deploy approved candidates and policies, after a test load where it does no harm; the approval journal decides.

A challenger of a task with canary terms gets the first share of those terms; the next share waits for its trial."""

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from hitl.approval import ApprovalKind
from hitl.approval.commands import AdoptDefinition, AdoptPolicy, Deploy, FailDeployment, TakingEffect
from hitl.approval.questions import Approvals, OvertakingOf
from hitl.approval.views import ApprovalView
from hitl.canonical import fingerprint
from hitl.crashpoints import crashpoint
from hitl.errors import ArtifactRejected, InvalidConfig, Unavailable
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards
from hitl.serving.questions import History, ServingOf
from hitl.serving.trial import trial_of
from hitl.tasks import TaskSpec
from hitl.tasks.book import is_removed
from hitl.tasks.definition import spec_of
from hitl.tasks.people_terms import CanaryTerms
from hitl.workflow.free_json import object_in
from serve_app.http.telemetry import json_log
from serve_app.setup.definitions import Proposer, earlier_definitions, refusal
from serve_app.setup.policies import fitting_policy

Check = Callable[[TaskSpec, str], Awaitable[None]]
"""Loads the artifact of a digest for a task and predicts with it. Raises ArtifactRejected, or Unavailable to try again."""

WaitsFor = Callable[[str, str], Awaitable[str | None]]
"""In words what the challenger of a digest waits for before it takes over a task; None: nothing. Raises Unavailable."""

Voters = Callable[[str], Awaitable[Collection[str]]]
"""Who may vote on a task now. Raises StoreUnavailable."""

GATED_IN_ORDER = (ApprovalKind.TASK_CHANGE, ApprovalKind.MODEL_DEPLOYMENT, ApprovalKind.POLICY_CHANGE)
WAITS_LOOK_S = 5.0
KEEPER = "keeper"
"""Who deploys, in the journal: not a person."""

log = json_log()


async def never_wait(task: str, digest: str) -> str | None:
    """Every approved challenger takes over at once."""
    return None


class Deployer:
    """Carries out what a quorum has decided; each step is harmless to repeat. Votes of people who lost the right since do
    not count."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        check: Check,
        voters: Voters,
        waits_for: WaitsFor = never_wait,
        proposer: Proposer | None = None,
    ) -> None:
        self._proposer = proposer
        self._shards, self._tasks, self._check, self._voters, self._waits_for = shards, tasks, check, voters, waits_for
        self._waiting: dict[str, float] = {}

    async def once(self) -> None:
        """Deploy, or fail, all that is approved."""
        for kind in GATED_IN_ORDER:
            for approval in (await self._shards.ask(APPROVAL, Approvals("approved", None, kind))).approvals:
                try:
                    await self._settle(approval)
                except Unavailable as error:
                    log.warning("deployment waits", approval=approval.approval_id, error=str(error))

    async def _settle(self, approval: ApprovalView) -> None:
        approval_id, task, digest = approval.approval_id, approval.task, approval.digest
        is_model = approval.kind == ApprovalKind.MODEL_DEPLOYMENT
        if is_model and (await self._is_on_trial(task) or await self._has_to_wait(approval)):
            return
        crashpoint("promotion.before_check")
        refusal = await self._refusal(approval)
        command = FailDeployment(approval_id, refusal) if refusal else await self._takes_effect(approval)
        crashpoint("promotion.before_deploy")
        answer = await self._shards.submit(APPROVAL, _envelope(approval_id, command))
        crashpoint("promotion.after_deploy")
        log.info("deployment settled", approval=approval_id, task=task, digest=digest, refusal=refusal, answer=answer)

    async def _is_on_trial(self, task: str) -> bool:
        """Tell whether another challenger has not yet taken over or been sent back."""
        if self._canary(task) is None:
            return False
        return trial_of((await self._shards.ask(APPROVAL, History(task))).history) is not None

    async def _has_to_wait(self, approval: ApprovalView) -> bool:
        """Tell whether the challenger must earn its automation first; looked at again every few seconds."""
        approval_id, task, digest = approval.approval_id, approval.task, approval.digest
        if task not in self._tasks or await self._is_overtaken(approval):
            return False
        if time.monotonic() < self._waiting.get(approval_id, 0.0):
            return True
        why = await self._waits_for(task, digest)
        if why is None:
            self._waiting.pop(approval_id, None)
            return False
        if approval_id not in self._waiting:
            log.info("an approved challenger waits", approval=approval_id, task=task, digest=digest, why=why)
        self._waiting[approval_id] = time.monotonic() + WAITS_LOOK_S
        return True

    async def _is_overtaken(self, approval: ApprovalView) -> bool:
        """Tell whether something came into force while this one waited, so that it fails at once."""
        return (await self._shards.ask(APPROVAL, OvertakingOf(approval.approval_id))).why is not None

    def _canary(self, task: str) -> CanaryTerms | None:
        spec = self._tasks.get(task)
        return None if spec is None else spec.approval.canary

    async def _takes_effect(self, approval: ApprovalView) -> TakingEffect:
        approval_id, task, digest = approval.approval_id, approval.task, approval.digest
        lapsed = await self._lapsed(approval)
        if approval.kind == ApprovalKind.POLICY_CHANGE:
            return AdoptPolicy(approval_id, digest, lapsed)
        if approval.kind == ApprovalKind.TASK_CHANGE:
            return AdoptDefinition(approval_id, digest, lapsed)
        terms = self._canary(task)
        serving = (await self._shards.ask(APPROVAL, ServingOf(task))).versions
        if terms is None or not serving:
            return Deploy(approval_id, digest, lapsed=lapsed)
        return Deploy(approval_id, digest, terms.steps[0], lapsed)

    async def _lapsed(self, approval: ApprovalView) -> tuple[str, ...]:
        """Voters on the approval who may not vote any more."""
        voters = await self._voters(approval.task)
        return tuple(vote.voter for vote in approval.votes if vote.voter not in voters)

    async def _refusal(self, approval: ApprovalView) -> str | None:
        """Why the candidate, the policy or the definition cannot serve, or None."""
        if approval.kind == ApprovalKind.TASK_CHANGE:
            return await self._refusal_of_change(approval)
        spec = self._tasks.get(approval.task)
        if spec is None:
            return "the task is not configured"
        if is_removed(self._tasks, approval.task):
            return "the task was taken away"
        try:
            if approval.kind == ApprovalKind.POLICY_CHANGE:
                fitting_policy(object_in(approval.evidence, "policy"), spec)  # the task may be another since it was asked for
            else:
                await self._check(spec, approval.digest)
        except (ArtifactRejected, InvalidConfig) as error:
            return str(error)
        return None

    async def _refusal_of_change(self, approval: ApprovalView) -> str | None:
        """Looked at again when it takes effect: policies and facilities may be others since it was asked for."""
        if self._proposer is None:
            return "definitions of tasks are not adopted here"
        if approval.evidence.get("definition") is None:
            return None
        try:
            spec = spec_of(object_in(approval.evidence, "definition"))
            earlier = await earlier_definitions(self._shards, approval.task)
        except InvalidConfig as error:
            return str(error)
        serving = await self._shards.ask(APPROVAL, ServingOf(approval.task))
        why = refusal(self._proposer, earlier, spec, serving)
        return None if why is None else f"{why[0]}: expected {why[1]}"


def _envelope(approval_id: str, command: TakingEffect | FailDeployment) -> Envelope[Any]:
    kind = "fail" if isinstance(command, FailDeployment) else "deploy"
    command_id = f"{kind}:{approval_id}"
    return Envelope(command, command_id, fingerprint([kind, approval_id]), KEEPER, command_id)
