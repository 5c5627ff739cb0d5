"""The state of all interactions and workflows of the shard. Only evolve changes it."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from hitl.canonical import JsonObject
from hitl.workflow.free_json import decision_in, texts_in
from hitl.workflow.parts import Assignment, CaseState, CaseTemplate, FailureAnalysis, GivenAnswer, Transition

CHANGES_KEPT = 10_000
"""Who reconnects after more changes than this gets everything that is pending anew."""

LEFT_LATELY = 1_000
"""Far more than leave memory while somebody looks whether an interaction is in the archive."""


class InteractionStatus(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class InteractionPattern(StrEnum):
    PAUSE = "pause_for_input"
    REVIEW = "review_and_approve"
    COLLABORATIVE = "collaborative_decision"
    FALLBACK = "human_fallback"
    REFINEMENT = "iterative_refinement"
    TIMED = "time_based_decision"
    MULTI_APPROVAL = "multi_approval"
    APPROVAL = "approval"
    CASE_REVIEW = "case_review"
    INTERVENTION = "intervention"


@dataclass(slots=True)
class Interaction:
    """``data`` is the pipeline's and ``human_input`` the people's: neither is ever merged into the other. ``answers`` holds each
    person's last answer; ``default_input`` is what the deadline answers; ``rule`` how votes are counted; ``parent`` the
    request for many approvals that this one belongs to; ``closed_by`` the person, or ``time``."""

    interaction_id: str
    pattern: str
    pipeline_name: str
    step_name: str
    step_status: str
    task: str | None
    workflow_id: str | None
    parent: str | None
    data: JsonObject
    details: JsonObject
    ui_schema: JsonObject
    assignments: list[Assignment]
    rule: str | None
    default_input: JsonObject | None
    priority: str
    timeout_seconds: float
    created_by: str
    created_at: float
    expires_at: float
    status: InteractionStatus = InteractionStatus.PENDING
    answers: dict[str, GivenAnswer] = field(default_factory=dict)
    human_input: JsonObject | None = None
    closed_by: str | None = None
    completed_at: float | None = None
    reason: str | None = None

    @property
    def electors(self) -> list[str]:
        """Those whose votes count."""
        return texts_in(self.details, "stakeholders") or texts_in(self.details, "approvers")

    @property
    def votes(self) -> dict[str, str]:
        return {who: decision_in(answer.input) for who, answer in self.answers.items()}


@dataclass(slots=True)
class Case:
    """A case on its way; ``results`` by the state that it was in, ``interaction_id`` the people's part that is open."""

    workflow_id: str
    type: str
    template: CaseTemplate
    request_data: JsonObject
    started_by: str
    created_at: float
    updated_at: float
    state: CaseState = CaseState.STARTED
    context: JsonObject = field(default_factory=dict)
    results: JsonObject = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    interaction_id: str | None = None
    error: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state in (CaseState.COMPLETED, CaseState.FAILED)


class FlowStatus(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    WAITING_APPROVAL = "waiting_approval"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATUSES: frozenset[str] = frozenset(
    {InteractionStatus.PENDING, FlowStatus.CREATED, FlowStatus.RUNNING, FlowStatus.WAITING_APPROVAL}
    | (set(CaseState) - {CaseState.COMPLETED, CaseState.FAILED})
)
"""Of an interaction, a workflow of stages and a case: it is not over."""


class StageStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    AWAITING_APPROVAL = "awaiting_approval"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(slots=True)
class StageState:
    """``attempt`` counts who took it; only the last taker may report."""

    name: str
    type: str
    config: JsonObject
    approvalRequired: bool  # noqa: N815 - the documents' name, which clients read and write
    status: StageStatus = StageStatus.PENDING
    attempt: int = 0
    worker: str | None = None
    started_at: float | None = None
    completed_at: float | None = None
    is_stuck: bool = False
    result: JsonObject | None = None
    error: str | None = None


@dataclass(slots=True)
class Flow:
    """A workflow of stages. ``analysis`` says why it failed; ``interaction_id`` is the question that it waits for."""

    workflow_id: str
    name: str
    description: str
    experimentName: str  # noqa: N815 - the documents' name
    modelName: str  # noqa: N815 - the documents' name
    created_by: str
    approvers: list[str]
    stages: list[StageState]
    created_at: float
    updated_at: float
    status: FlowStatus = FlowStatus.CREATED
    started_at: float | None = None
    interaction_id: str | None = None
    analysis: FailureAnalysis | None = None
    error: str | None = None

    @property
    def current(self) -> StageState | None:
        """The first stage that is not completed."""
        return next((stage for stage in self.stages if stage.status is not StageStatus.COMPLETED), None)


@dataclass(slots=True)
class Durations:
    """How long the finished ones of a type took: ``smoothed_s`` is a moving average that begins at its first sample."""

    count: int = 0
    total_s: float = 0.0
    smoothed_s: float = 0.0


Archivable: TypeAlias = Interaction | Case | Flow
"""What leaves memory once it is over."""


@dataclass(slots=True)
class ArchivedCounts:
    """What left memory, in figures: cases by type with the workflows as ``stages``, both by state; cases that were routed, and
    those of them that no person saw; interactions by status. ``newest`` tells when the newest of each kind that ever left was
    opened (UTC seconds)."""

    types: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    routed: int = 0
    automatic: int = 0
    interactions: dict[str, int] = field(default_factory=dict)
    newest: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class WorkflowState:
    """``waiting`` has the open interactions by who may answer (``user:ann``, ``role:reviewer``), oldest first; ``open_by``
    counts the open interactions, cases and workflows of each account; ``changes`` the newest of ``change_count`` changes as
    (number, kind, interaction_id). ``closed`` tells since when (UTC seconds) each object is over that may leave memory, in that
    order (hitl.workflow.archiving); ``archived`` counts what left, and ``left_lately`` names the newest of it."""

    interactions: dict[str, Interaction] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    durations: dict[str, Durations] = field(default_factory=dict)
    waiting: dict[str, dict[str, None]] = field(default_factory=dict)
    open_by: dict[str, int] = field(default_factory=dict)
    changes: deque[tuple[int, str, str]] = field(default_factory=lambda: deque(maxlen=CHANGES_KEPT))
    change_count: int = 0
    closed: dict[str, float] = field(default_factory=dict)
    archived: ArchivedCounts = field(default_factory=ArchivedCounts)
    left_lately: deque[str] = field(default_factory=lambda: deque(maxlen=LEFT_LATELY))


def keys_of(interaction: Interaction) -> list[str]:
    """Return the keys of ``WorkflowState.waiting`` under which it stands."""
    return [f"user:{each.user_id}" if each.user_id is not None else f"role:{each.role}" for each in interaction.assignments]


def stage_key(workflow_id: str) -> str:
    """Return the alarm of the workflow's running stage."""
    return f"stage:{workflow_id}"


def deadline_key(interaction_id: str) -> str:
    """The alarm of an interaction's end."""
    return f"interaction:{interaction_id}"
