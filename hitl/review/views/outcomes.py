"""The outcomes of a case, and where it stands on the way to one."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from hitl.canonical import JsonObject
from hitl.review.case_status import CaseStatus
from hitl.routing.action import Priority

HistoryStep: TypeAlias = dict[str, object]
"""An event of a review with its ``type``, the time ``at`` and its own fields (docs/journal.md), without the ids."""


@dataclass(frozen=True, slots=True)
class ModelOutcome:
    """The model's decision, or an override's."""

    label: str
    by: Literal["model", "override"] = "model"


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """What people made of a case at ``at``. ``reviewers`` gave the label, ``reason`` is that of an amendment or a disagreement,
    else empty."""

    label: str
    by: Literal["person"]
    reviewers: list[str]
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """The outcome of people that stands, with what its review knows of it. ``reviewer`` gave the last answer, ``confidence`` in
    [0, 1] is theirs; ``agrees_with_model`` is None where no model had said anything. It can be undone until ``final_at``."""

    label: str
    by: Literal["person"]
    reviewer: str
    confidence: float
    comment: str
    decided_at: float
    agrees_with_model: bool | None
    reviewers: list[str]
    final_at: float


StandingOutcome: TypeAlias = PersonOutcome | OutcomeRecord | ModelOutcome
"""The richest first: an object with the fields of one lacks some of the ones before it."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a review waits, when its turn is (UTC seconds), and for how long it has waited."""

    queue: str
    priority: Priority
    turn_at: float
    time_in_queue_s: float


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """A case with its outcomes. ``outcome`` stands, None before the first; ``outcomes`` are all, ``version`` their number.
    ``waits`` while there is none after the version that was asked for. ``history`` is what happened in its reviews;
    ``is_blind`` where whoever asks may still answer and must not know. ``place`` is None for what does not wait.
    ``value`` is the one that people corrected, where theirs stands."""

    case_id: str
    review_id: str
    task: str
    client: str
    position: int
    status: CaseStatus
    outcome: StandingOutcome | None
    outcomes: list[OutcomeRecord | ModelOutcome]
    version: int
    waits: bool
    history: list[HistoryStep]
    is_blind: bool
    place: QueuePlace | None
    value: JsonObject | None = None
