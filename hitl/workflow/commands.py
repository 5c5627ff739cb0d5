"""What can be asked of interactions and workflows. Identities come from the caller's token, never from a body."""

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from hitl.canonical import JsonObject
from hitl.identity import Principal
from hitl.machine import asked
from hitl.workflow import views


@dataclass(frozen=True, slots=True)
class OpenInteraction(asked.Command[views.OpenedInteraction]):
    """Pause a step of a pipeline until people answer. ``config`` is the step's, as ``pattern`` reads it; ``data`` is the
    pipeline's own, passed through untouched. ``task`` bounds who may see it; None: no task's."""

    ANSWER: ClassVar = views.OpenedInteraction

    interaction_id: str
    pattern: str
    pipeline_name: str
    step_name: str
    config: JsonObject
    data: JsonObject
    opened_by: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerInteraction(asked.Command[views.AnsweredInteraction]):
    ANSWER: ClassVar = views.AnsweredInteraction

    interaction_id: str
    person: Principal
    user_input: JsonObject


@dataclass(frozen=True, slots=True)
class CancelInteraction(asked.Command[views.AnsweredInteraction]):
    ANSWER: ClassVar = views.AnsweredInteraction

    interaction_id: str
    person: Principal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EscalateInteraction(asked.Command[views.AnsweredInteraction]):
    """Tell people again of a question that waits, with the ``message`` of who opened it, or of an operator."""

    ANSWER: ClassVar = views.AnsweredInteraction

    interaction_id: str
    person: Principal
    message: str


@dataclass(frozen=True, slots=True)
class ExpireInteraction(asked.Command[views.AnsweredInteraction]):
    """Sent by time: the deadline has come."""

    ANSWER: ClassVar = views.AnsweredInteraction

    interaction_id: str


@dataclass(frozen=True, slots=True)
class StartCase(asked.Command[views.WorkflowStatus]):
    """One case through prediction, routing and people. ``workflow_type`` names one of the case templates."""

    ANSWER: ClassVar = views.WorkflowStatus

    workflow_id: str
    workflow_type: str
    request_data: JsonObject
    started_by: str


@dataclass(frozen=True, slots=True)
class ReportPrediction(asked.Command[views.WorkflowStatus]):
    """What the model said of the case: ``ai_result`` has at least ``prediction`` and ``confidence``."""

    ANSWER: ClassVar = views.WorkflowStatus

    workflow_id: str
    person: Principal
    ai_result: JsonObject


@dataclass(frozen=True, slots=True)
class DecideCase(asked.Command[views.DecidedCase]):
    """A person's ``decision``: approve, reject or escalate, with ``confidence`` and ``feedback``."""

    ANSWER: ClassVar = views.DecidedCase

    workflow_id: str
    person: Principal
    decision: JsonObject


@dataclass(frozen=True, slots=True)
class FailCase(asked.Command[views.WorkflowStatus]):
    ANSWER: ClassVar = views.WorkflowStatus

    workflow_id: str
    person: Principal
    error: str


@dataclass(frozen=True, slots=True)
class CreateWorkflow(asked.Command[views.WorkflowStatus]):
    """A workflow of stages. ``approvers`` are asked where a stage needs it; empty: every approver."""

    ANSWER: ClassVar = views.WorkflowStatus

    workflow_id: str
    name: str
    description: str
    experiment_name: str
    model_name: str
    stages: list[JsonObject]
    created_by: str
    approvers: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ExecuteWorkflow(asked.Command[views.ChangedWorkflow]):
    ANSWER: ClassVar = views.ChangedWorkflow

    workflow_id: str
    person: Principal


@dataclass(frozen=True, slots=True)
class StartStage(asked.Command[views.TakenStage]):
    """Take the current stage for ``worker``; the answer's ``attempt`` is the right to report on it."""

    ANSWER: ClassVar = views.TakenStage

    workflow_id: str
    person: Principal
    stage: str


@dataclass(frozen=True, slots=True)
class CompleteStage(asked.Command[views.ChangedWorkflow]):
    ANSWER: ClassVar = views.ChangedWorkflow

    workflow_id: str
    person: Principal
    stage: str
    attempt: int
    result: JsonObject


@dataclass(frozen=True, slots=True)
class FailStage(asked.Command[views.ChangedWorkflow]):
    ANSWER: ClassVar = views.ChangedWorkflow

    workflow_id: str
    person: Principal
    stage: str
    attempt: int
    error: str


@dataclass(frozen=True, slots=True)
class CancelWorkflow(asked.Command[views.ChangedWorkflow]):
    ANSWER: ClassVar = views.ChangedWorkflow

    workflow_id: str
    person: Principal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarkStuck(asked.Command[views.ChangedWorkflow]):
    """Sent by time: the attempt has taken longer than its stage allows."""

    ANSWER: ClassVar = views.ChangedWorkflow

    workflow_id: str
    stage: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ArchiveWorkflowObjects(asked.Command[views.ArchivedObjects]):
    """Let objects that are over leave memory: (name in the archive, SHA-256 of what is kept of it). One that is not what its
    digest says stays."""

    ANSWER: ClassVar = views.ArchivedObjects

    objects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecallWorkflowObjects(asked.Command[views.RecalledObjects]):
    """Bring back what left memory, as it was kept, because a command changes it."""

    ANSWER: ClassVar = views.RecalledObjects

    objects: tuple[JsonObject, ...]


OfInteractions: TypeAlias = OpenInteraction | AnswerInteraction | CancelInteraction | EscalateInteraction | ExpireInteraction
OfCases: TypeAlias = StartCase | ReportPrediction | DecideCase | FailCase
OfStages: TypeAlias = CreateWorkflow | ExecuteWorkflow | StartStage | CompleteStage | FailStage | CancelWorkflow | MarkStuck
OfStorage: TypeAlias = ArchiveWorkflowObjects | RecallWorkflowObjects
Command: TypeAlias = OfInteractions | OfCases | OfStages | OfStorage
