"""The events of workflows of stages: of the whole, and of one stage."""

from hitl.canonical import JsonObject
from hitl.machine.events import Event
from hitl.workflow.parts import FailureAnalysis, StagePlan


class AboutWorkflow(Event, frozen=True, kw_only=True):
    """Base of those of the whole."""

    workflow_id: str


class WorkflowCreated(AboutWorkflow, frozen=True, kw_only=True):
    """``approvers`` are asked where a stage needs it; empty: every approver."""

    name: str
    description: str
    experimentName: str  # noqa: N815 - the documents' name
    modelName: str  # noqa: N815 - the documents' name
    stages: list[StagePlan]
    approvers: list[str]
    created_by: str


class WorkflowExecuted(AboutWorkflow, frozen=True, kw_only=True):
    """It begins with its first stage."""

    by: str


class WorkflowFailed(AboutWorkflow, frozen=True, kw_only=True):
    """``interaction_id`` asks a person whether to try again."""

    error: str
    analysis: FailureAnalysis
    interaction_id: str


class WorkflowGivenUp(AboutWorkflow, frozen=True, kw_only=True):
    """A person, or time, chose not to try again."""

    by: str


class WorkflowCompleted(AboutWorkflow, frozen=True, kw_only=True):
    """All stages are completed."""


class WorkflowCancelled(AboutWorkflow, frozen=True, kw_only=True):
    """Somebody ended it."""

    by: str
    reason: str


class AboutStage(AboutWorkflow, frozen=True, kw_only=True):
    """Base of those of one stage, by its name."""

    stage: str


class StageReady(AboutStage, frozen=True, kw_only=True):
    """Somebody may take it."""


class StageStarted(AboutStage, frozen=True, kw_only=True):
    """``worker`` took it; ``attempt`` is their right to report, ``timeout_s`` when it counts as stuck."""

    attempt: int
    worker: str
    timeout_s: float


class StageReported(AboutStage, frozen=True, kw_only=True):
    """It came to ``result``, which people approve."""

    result: JsonObject


class StageAwaitsApproval(AboutStage, frozen=True, kw_only=True):
    """``interaction_id`` asks the people."""

    interaction_id: str


class StageApproved(AboutStage, frozen=True, kw_only=True):
    """The workflow goes on."""

    by: str


class StageRejected(AboutStage, frozen=True, kw_only=True):
    """Somebody, or silence, ended the workflow here."""

    by: str
    error: str


class StageCompleted(AboutStage, frozen=True, kw_only=True):
    """It is done."""

    result: JsonObject


class StageFailed(AboutStage, frozen=True, kw_only=True):
    """``will_retry``: it is ready to be taken again."""

    error: str
    result: JsonObject | None
    will_retry: bool


class StageStuck(AboutStage, frozen=True, kw_only=True):
    """The attempt takes longer than the stage allows."""

    attempt: int


class WorkflowResumed(AboutStage, frozen=True, kw_only=True):
    """A person had the failed stage tried again."""

    by: str
