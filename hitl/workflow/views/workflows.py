"""Views of cases and workflows of stages. Times are UTC seconds."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from hitl.canonical import JsonObject
from hitl.workflow.parts import CaseState, CaseTemplate, FailureAnalysis, StagePlan, Transition
from hitl.workflow.state import FlowStatus, StageStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case on its way through prediction, routing and people.

    ``results`` are by the state that it was in; ``interaction_id`` is the people's part that is open. ``current_state`` and
    ``status`` repeat ``state``; ``decision_status`` is what it has come to, as clients of the documents know it. ``progress`` is
    in [0, 1]; ``estimated_completion`` is None before a case of the type was measured, and after the end.
    """

    kind: Literal["case"] = "case"
    workflow_id: str
    type: str
    template: CaseTemplate
    request_data: JsonObject
    started_by: str
    created_at: float
    updated_at: float
    state: CaseState
    context: JsonObject
    results: JsonObject
    transitions: list[Transition]
    interaction_id: str | None
    error: str | None
    current_state: CaseState
    status: CaseState
    decision_status: str
    progress: float
    estimated_completion: float | None


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage. ``attempt`` counts who took it; only the last taker, ``worker``, may report. ``is_stuck``: it takes too long."""

    name: str
    type: str
    config: JsonObject
    approvalRequired: bool  # noqa: N815 - the documents' name
    status: StageStatus
    attempt: int
    worker: str | None
    started_at: float | None
    completed_at: float | None
    is_stuck: bool
    result: JsonObject | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedWorkflow:
    """A workflow of stages. ``analysis`` says why it failed; ``interaction_id`` is the question that it waits for.

    ``progress`` is the share of completed stages; ``estimated_completion`` is None before a workflow was measured, and while this
    one does not run. ``is_stuck``: a running stage takes too long.
    """

    kind: Literal["stages"] = "stages"
    workflow_id: str
    name: str
    description: str
    experimentName: str  # noqa: N815 - the documents' name
    modelName: str  # noqa: N815 - the documents' name
    created_by: str
    approvers: list[str]
    stages: list[StageView]
    created_at: float
    updated_at: float
    status: FlowStatus
    started_at: float | None
    interaction_id: str | None
    analysis: FailureAnalysis | None
    error: str | None
    progress: float
    estimated_completion: float | None
    is_stuck: bool


WorkflowView: TypeAlias = CaseView | StagedWorkflow


@dataclass(frozen=True, slots=True)
class WorkflowList:
    """Workflows of stages and after them cases, each newest first. ``is_cut``: more were asked for, and would make the answer
    too large."""

    workflows: list[WorkflowView]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class WorkflowTemplates:
    """The templates of cases by type, and all stages with their defaults, in order."""

    cases: dict[str, CaseTemplate]
    stages: list[StagePlan]


@dataclass(frozen=True, slots=True)
class WorkflowAnalytics:
    """Counts, rates and times of all cases and workflows.

    Times are seconds by what was measured: ``review``, ``workflow`` and ``case:<type>``. The rates are in [0, 1] and of all
    routed cases, finished or not; None before the first.
    """

    total_workflows: int
    workflows_by_type: dict[str, int]
    workflows_by_state: dict[str, int]
    avg_processing_times: dict[str, float]
    moving_avg_processing_times: dict[str, float]
    automation_rate: float | None
    human_review_rate: float | None
    stuck_workflows: int
    interactions_by_status: dict[str, int]
    pending_interactions: int
