"""A case and its outcome, for its client and for its people."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from hitl.answers.boxes import FieldBox
from hitl.canonical import JsonObject
from hitl.review.case_status import CaseStatus
from hitl.review.views import HistoryStep, ModelOutcome, OutcomeRecord, StandingOutcome
from hitl.routing.route import Action, Priority


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What people made of a case at ``at``, without their names and words."""

    label: str
    by: Literal["person"]
    at: float


@dataclass(frozen=True, slots=True)
class ClientOutcome:
    """The outcome of people that stands, without their names and words. It can change until ``final_at``."""

    label: str
    by: Literal["person"]
    confidence: float
    decided_at: float
    agrees_with_model: bool | None
    final_at: float


ToldOutcome: TypeAlias = StandingOutcome | ClientOutcome | ClientRecord
ToldRecord: TypeAlias = OutcomeRecord | ModelOutcome | ClientRecord


@dataclass(frozen=True, slots=True)
class TakenRoute:
    """Who decides the case, and why; ``priority`` is None where the model does."""

    action: Action
    reason: str
    priority: Priority | None


@dataclass(frozen=True, slots=True)
class DecidedPart:
    """Who decided a part of the answer, None while nobody has; ``is_override``: a person changed what the model had decided."""

    by: Literal["model", "person"] | None
    is_override: bool


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """Where the review stands over all shards, 1 being the next. The wait is at the queue's measured rate, None without one."""

    queue: str
    position: int
    time_in_queue_s: float
    estimated_wait_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """The answer to a case when it comes: decided by the model, or on its way to people, where ``decision_url`` shows what they
    say. ``confidence`` is calibrated where the model carries a calibration, ``raw_confidence`` is the model's own; both are in
    [0, 1], ``processing_time`` is in seconds. What the model says is None without one. ``declared_by`` names the account that
    declared the prediction; it is absent, or None, for one that was computed here. ``value`` are the fields that stand, as
    declared or as people corrected them; it is absent, or None, where answers are labels and where no fields stand. ``parts``
    says of each field who decided it; it is absent, or None, where the model decided none by itself. ``boxes`` are where on the
    pages of the case's file its client read the declared fields; it is absent, or None, where the client did not say."""

    case_id: str
    request_id: str
    task: str
    status: CaseStatus
    outcome: ToldOutcome | None
    prediction: str | None
    prediction_probs: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    processing_time: float
    route: TakenRoute
    segment: str
    rules: list[str]
    is_high_risk: bool
    requires_compliance: bool
    certificate: str | None
    raw_confidence: float | None
    model_version: str | None
    policy_version: str
    generation: int
    decision_url: str
    features: object
    metadata: object
    declared_by: str | None = None
    value: JsonObject | None = None
    parts: dict[str, DecidedPart] | None = None
    boxes: dict[str, FieldBox] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecision(FirstAnswer):
    """A case, its input as readers may see it, and what became of it. ``outcome`` stands now, ``outcomes`` are all that the
    case has had and ``version`` their number. ``in_line`` is None for what does not wait. ``is_sealed``: its input, or a part
    of it, stands under a key of its own, so that it can be erased."""

    review_id: str | None
    outcomes: list[ToldRecord]
    version: int
    history: list[HistoryStep]
    in_line: PlaceInLine | None
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class BlindCase:
    """A case for who may still answer its blind review: neither the model's suggestion nor any outcome."""

    case_id: str
    request_id: str
    task: str
    review_id: str
    features: object
    metadata: object
    decision_url: str
    status: Literal["pending_human"]
    outcome: None
    outcomes: list[ToldRecord]
    version: int
    history: list[HistoryStep]
    is_sealed: bool
