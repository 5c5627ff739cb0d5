"""The API's calls about workflows, cases of people and machines, and paused steps."""

from collections.abc import Mapping

from hitl.client.answer_types import (
    AnsweredInteraction,
    CaseView,
    ChangedWorkflow,
    DecidedCase,
    InteractionView,
    StagedWorkflow,
    StepAnswer,
    TakenStage,
    WorkflowStatus,
)
from hitl.client.calls import HttpCall, get, post
from hitl.client.operations import ApiOperation, Mode, Operations


class WorkflowApi(Operations[Mode]):
    """Each method sends one call; see hitl.client.api.Api."""

    @ApiOperation
    def create_workflow(self, described: Mapping[str, object], key: str | None = None) -> HttpCall[WorkflowStatus]:
        """Create a workflow of stages: ``described`` has its ``name`` and ``stages``. It waits for ``execute_workflow``."""
        return post("v1", "workflows", body=described, key=key)

    @ApiOperation
    def execute_workflow(self, workflow_id: str, key: str | None = None) -> HttpCall[ChangedWorkflow]:
        """Let the workflow begin, or go on after a failure."""
        return post("v1", "workflows", workflow_id, "execute", body={}, key=key)

    @ApiOperation
    def workflow(self, workflow_id: str) -> HttpCall[CaseView | StagedWorkflow]:
        """Return the workflow or case as it stands; ``kind`` tells which."""
        return get("v1", "workflows", workflow_id)

    @ApiOperation
    def take_stage(self, workflow_id: str, stage: str, key: str | None = None) -> HttpCall[TakenStage]:
        """Take a stage to run it; ``attempt`` is the right to report on it."""
        return post("v1", "workflows", workflow_id, "stages", stage, "start", body={}, key=key)

    @ApiOperation
    def complete_stage(
        self, workflow_id: str, stage: str, attempt: int, result: Mapping[str, object], key: str | None = None
    ) -> HttpCall[ChangedWorkflow]:
        """Report the result of a stage that was taken."""
        body = {"attempt": attempt, "result": result}
        return post("v1", "workflows", workflow_id, "stages", stage, "result", body=body, key=key)

    @ApiOperation
    def fail_stage(
        self, workflow_id: str, stage: str, attempt: int, error: str, key: str | None = None
    ) -> HttpCall[ChangedWorkflow]:
        """Report that a stage which was taken has failed."""
        body = {"attempt": attempt, "error": error}
        return post("v1", "workflows", workflow_id, "stages", stage, "failure", body=body, key=key)

    @ApiOperation
    def start_case(
        self, workflow_type: str, request_data: Mapping[str, object], key: str | None = None
    ) -> HttpCall[WorkflowStatus]:
        """Start a case of a template; it waits for its prediction."""
        return post("v1", "workflows", "cases", body={"workflow_type": workflow_type, "request_data": request_data}, key=key)

    @ApiOperation
    def predict_case(self, workflow_id: str, ai_result: Mapping[str, object], key: str | None = None) -> HttpCall[WorkflowStatus]:
        """Report the model's answer to a case: ``{"prediction", "confidence", …}``. The service routes it."""
        return post("v1", "workflows", workflow_id, "prediction", body={"ai_result": ai_result}, key=key)

    @ApiOperation
    def fail_case(self, workflow_id: str, error: str, key: str | None = None) -> HttpCall[WorkflowStatus]:
        """Report that no prediction could be made for a case."""
        return post("v1", "workflows", workflow_id, "failure", body={"error": error}, key=key)

    @ApiOperation
    def decide_case(self, workflow_id: str, decision: Mapping[str, object], key: str | None = None) -> HttpCall[DecidedCase]:
        """Decide a case that waits for a person."""
        return post("v1", "workflows", workflow_id, "decision", body=decision, key=key)

    @ApiOperation
    def open_interaction(self, asked: Mapping[str, object], key: str | None = None) -> HttpCall[StepAnswer]:
        """Pause a step and ask: ``asked`` has ``pattern``, ``config``, ``data`` and the names of pipeline and step."""
        return post("v1", "interactions", body=asked, key=key)

    @ApiOperation
    def interaction(self, interaction_id: str, wait_s: float = 0.0) -> HttpCall[InteractionView]:
        """Return the interaction as it stands, at the latest after ``wait_s`` (0-60), earlier once it is over."""
        return get("v1", "interactions", interaction_id, wait_s=wait_s, wait=wait_s)

    @ApiOperation
    def answer_interaction(
        self, interaction_id: str, user_input: Mapping[str, object], key: str | None = None
    ) -> HttpCall[AnsweredInteraction]:
        """Answer as the person of the client's key."""
        return post("v1", "interactions", interaction_id, "answer", body={"user_input": user_input}, key=key)

    @ApiOperation
    def cancel_interaction(self, interaction_id: str, reason: str, key: str | None = None) -> HttpCall[AnsweredInteraction]:
        """Withdraw the question."""
        return post("v1", "interactions", interaction_id, "cancel", body={"reason": reason}, key=key)
