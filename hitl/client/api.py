"""Every call of the API, shared by the blocking and the asynchronous client."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hitl.client.answer_types import (
    BlindCase,
    CaseDecision,
    CertificateOverview,
    DefinitionInForce,
    DefinitionProposal,
    ErasedCase,
    FirstAnswer,
    HeldCase,
    HeldCases,
    HeldDays,
    PolicyTrial,
    ProposedPolicy,
    RevealedCase,
    RolledBackModel,
    RowAnswers,
    ServiceAndOutboxMetrics,
    ServiceMetrics,
    ServiceReady,
    ServiceReadyAtRisk,
    ShardState,
    ShardStatuses,
    TakenFile,
    TargetVerdicts,
    TaskList,
    TaskPolicy,
    TaskQuality,
    TaskServing,
    TaskServingAt,
    TaskView,
    TrainingExamples,
    WithdrawnReviews,
)
from hitl.client.approvals import ApprovalApi
from hitl.client.calls import HttpCall, delete, get, post, put, put_bytes
from hitl.client.inline_files import with_inline_files
from hitl.client.operations import ApiOperation, Mode
from hitl.client.reviews import ReviewApi
from hitl.client.workflows import WorkflowApi

DECIDED = "decided"
"""The status of a case that has its outcome."""


class Api(ReviewApi[Mode], ApprovalApi[Mode], WorkflowApi[Mode]):
    """Each method sends one call and gives the answer's JSON object (``{}`` for an empty answer).

    A change takes an idempotency ``key``; without one it gets a new key, which its own repetitions share.
    Raises ApiError for a refusal, ServiceUnreachable when patience ran out.
    """

    @ApiOperation
    def ready(self) -> HttpCall[ServiceReady | ServiceReadyAtRisk]:
        return get("ready")

    @ApiOperation
    def tasks(self) -> HttpCall[TaskList]:
        """Return every task that the caller may see."""
        return get("v1", "tasks")

    @ApiOperation
    def task(self, task: str) -> HttpCall[TaskView]:
        """Return the task's labels, input schema, policy and serving versions."""
        return get("v1", "tasks", task)

    @ApiOperation
    def definition(self, task: str) -> HttpCall[DefinitionInForce]:
        """Return the task's definition in force, and the changes that wait for votes."""
        return get("v1", "tasks", task, "definition")

    @ApiOperation
    def propose_definition(self, task: str, definition: Mapping[str, object]) -> HttpCall[DefinitionProposal]:
        """Ask for the approval of ``definition``, the keys of a task file. The same one again finds what it opened."""
        return put("v1", "tasks", task, "definition", body=definition)

    @ApiOperation
    def propose_removal(self, task: str) -> HttpCall[DefinitionProposal]:
        """Ask for the approval that ``task`` is taken away. The same again finds what it opened."""
        return delete("v1", "tasks", task, "definition")

    @ApiOperation
    def decide(
        self, task: str, features: object, metadata: Mapping[str, object] | None = None, key: str | None = None
    ) -> HttpCall[FirstAnswer]:
        """Open a case: its answer has ``status`` decided, pending_human or pending_expert. A small file may be its bytes, as in
        ``{"image": data}``; beyond 1 MiB ``upload`` it first."""
        body = {"features": with_inline_files(features), "metadata": metadata or {}}
        return post("v1", "tasks", task, "decisions", body=body, key=key)

    @ApiOperation
    def upload(self, task: str, file: bytes | Path) -> HttpCall[TakenFile]:
        """Bring the picture, document or recording of a case, as bytes or by its path. The case names the ``blob`` of the
        answer: its features are ``{"image": blob}``, ``{"document": blob}`` or ``{"audio": blob}``. Open the case within a
        day."""
        content = file if isinstance(file, bytes) else Path(file).read_bytes()
        return put_bytes("v1", "tasks", task, "blobs", content=content)

    @ApiOperation
    def declare(
        self,
        task: str,
        features: object,
        predictions: Sequence[Mapping[str, object]],
        metadata: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> HttpCall[FirstAnswer]:
        """Open a case with what your own model says of it, in a task of family declared. A prediction has ``model`` and
        ``version`` as its card says, and ``probabilities``, or ``label`` and ``score`` (``value`` and ``score`` where answers are
        fields, and ``boxes`` for where on the pages they were read); give those of all versions that run. A small file may be
        its bytes, as in ``decide``."""
        said = [dict(one) for one in predictions]
        body = {"features": with_inline_files(features), "metadata": metadata or {}, "predictions": said}
        return post("v1", "tasks", task, "decisions", body=body, key=key)

    @ApiOperation
    def decide_all(self, task: str, rows: Sequence[object], key: str | None = None) -> HttpCall[RowAnswers]:
        """Open up to 1,000 cases, each given by its features, in one call: ``results`` holds for each, in order, the ``status``
        and the ``body`` that a call of its own would have got. Send it again with its key where a status is 429 or 503."""
        cases = [{"features": features} for features in rows]
        return post("v1", "tasks", task, "decisions:batch", body={"cases": cases}, key=key)

    @ApiOperation
    def decision(self, case_id: str, wait_s: float = 0.0, after: int = 0) -> HttpCall[CaseDecision | BlindCase]:
        """Return the case as it stands, after ``wait_s`` (0-60) or once it has an outcome beyond version ``after``."""
        return get("v1", "decisions", case_id, wait_s=wait_s, wait=wait_s, after=after or None)

    @ApiOperation
    def model(self, task: str) -> HttpCall[TaskServing]:
        """Return the serving versions of the task, and their history."""
        return get("v1", "models", task)

    @ApiOperation
    def model_at(self, task: str, time: str) -> HttpCall[TaskServingAt]:
        """Return the versions that served the task at ``time`` (ISO 8601 with its offset)."""
        return get("v1", "models", task, "at", time=time)

    @ApiOperation
    def roll_back(self, task: str, digest: str, reason: str, key: str | None = None) -> HttpCall[RolledBackModel]:
        """Serve a version again that was deployed before."""
        return post("v1", "models", task, "rollback", body={"digest": digest, "reason": reason}, key=key)

    @ApiOperation
    def examples(self, task: str, after: str | None = None, limit: int = 500) -> HttpCall[TrainingExamples]:
        """Return a page of decided cases; ``next`` is the cursor of the next one."""
        return get("v1", "examples", task=task, after=after, limit=limit)

    @ApiOperation
    def journal(self) -> HttpCall[ShardStatuses]:
        """Return every shard with its sequence number, hash, epoch and phase."""
        return get("v1", "journal")

    @ApiOperation
    def journal_state(self, shard: str) -> HttpCall[ShardState]:
        return get("v1", "journal", shard, "state")

    @ApiOperation
    def metrics(self) -> HttpCall[ServiceMetrics | ServiceAndOutboxMetrics]:
        return get("v1", "metrics")

    @ApiOperation
    def targets(self) -> HttpCall[TargetVerdicts]:
        """Return each target of each task with its figure: met, missed, or not enough evidence."""
        return get("v1", "targets")

    @ApiOperation
    def quality(self, task: str) -> HttpCall[TaskQuality]:
        """Return every figure of the task with its interval and n."""
        return get("v1", "quality", task)

    @ApiOperation
    def certificate(self, task: str) -> HttpCall[CertificateOverview]:
        """Return the certificate that allows automation, or what is missing for one."""
        return get("v1", "quality", task, "certificate")

    @ApiOperation
    def policy(self, task: str) -> HttpCall[TaskPolicy]:
        """Return the policy in force, and where it comes from."""
        return get("v1", "policies", task)

    @ApiOperation
    def try_policy(self, task: str, policy: object, cases: int = 2_000, people: int = 1) -> HttpCall[PolicyTrial]:
        """Try the policy on ``cases`` past cases, beside the one in force. Changes nothing."""
        return post("v1", "policies", task, "dry-run", body={"policy": policy, "cases": cases, "people": people})

    @ApiOperation
    def propose_policy(self, task: str, policy: object, title: str, key: str | None = None) -> HttpCall[ProposedPolicy]:
        """Ask for the approval of the policy."""
        return post("v1", "policies", task, body={"policy": policy, "title": title}, key=key)

    @ApiOperation
    def erase_case(self, case_id: str, reason: str, key: str | None = None) -> HttpCall[ErasedCase]:
        """Forget the sealed input of the case for ever."""
        return post("v1", "cases", case_id, "erase", body={"reason": reason}, key=key)

    @ApiOperation
    def hold_case(self, case_id: str, until: float, reason: str, key: str | None = None) -> HttpCall[HeldCase]:
        """Keep everything of the case until then (UTC seconds); in the past: it is held no more."""
        return post("v1", "cases", case_id, "hold", body={"until": until, "reason": reason}, key=key)

    @ApiOperation
    def hold_days(
        self, task: str, first_day: str, last_day: str, until: float, reason: str, key: str | None = None
    ) -> HttpCall[HeldDays]:
        """Keep all cases of the task that came on these UTC days until then (UTC seconds); in the past: they are held no more."""
        days = {"task": task, "first_day": first_day, "last_day": last_day}
        return post("v1", "holds", "days", body={**days, "until": until, "reason": reason}, key=key)

    @ApiOperation
    def holds(self) -> HttpCall[HeldCases]:
        """Return all that is held now."""
        return get("v1", "holds")

    @ApiOperation
    def cancel_case(self, case_id: str, reason: str, key: str | None = None) -> HttpCall[WithdrawnReviews]:
        """End the reviews of a case that nobody needs decided any more; it is ``withdrawn`` then."""
        return post("v1", "cases", case_id, "cancel", body={"reason": reason}, key=key)

    @ApiOperation
    def reveal_case(self, case_id: str, reason: str, key: str | None = None) -> HttpCall[RevealedCase]:
        """Show the whole input of the case; who asked, and why, is recorded first."""
        return post("v1", "cases", case_id, "reveal", body={"reason": reason}, key=key)
