"""The parts that events, the state and views of interactions and workflows have in common. All are plain JSON in the journal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hitl.canonical import JsonObject


class CaseState(StrEnum):
    STARTED = "started"
    AI_PROCESSING = "ai_processing"
    ROUTING_DECISION = "routing_decision"
    HUMAN_REVIEW = "human_review"
    EXPERT_REVIEW = "expert_review"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Assignee:
    """One person, or with ``user_id`` None everybody with the role."""

    user_id: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignee, asked at ``assigned_at`` (UTC seconds)."""

    user_id: str | None
    role: str
    assigned_at: float


@dataclass(frozen=True, slots=True)
class SeenInteraction:
    """What a person had before them: the SHA-256 of the canonical ``{ui_schema, details, data}``, and its time (UTC seconds)."""

    digest: str
    opened_at: float


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The fields of the form as one person filled them in, and when (UTC seconds)."""

    input: JsonObject
    at: float


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of a case by ``trigger``; ``timestamp`` is UTC seconds."""

    from_state: CaseState
    to_state: CaseState
    trigger: str
    timestamp: float


@dataclass(frozen=True, slots=True)
class ConfidenceBands:
    """Probabilities: above ``automatic`` no person is needed, above ``review`` one in the ordinary order, above ``expert`` one
    soon; the rest goes to an expert."""

    automatic: float
    review: float
    expert: float


@dataclass(frozen=True, slots=True)
class CaseTemplate:
    """How a type of case is routed, kept with each case.

    A condition is ``{"field", "above" | "below" | "equals"}`` about the request: a case with one of ``high_risk`` goes to an
    expert, with one of ``compliance`` to a person. ``approves`` are the labels that may be approved without a person, None: all.
    """

    thresholds: ConfidenceBands
    high_risk: list[JsonObject]
    compliance: list[JsonObject]
    approves: list[Any] | None
    review_timeout_s: float


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage as its workflow is created: with its defaults, and whether a person approves it."""

    name: str
    type: str
    config: JsonObject
    approvalRequired: bool  # noqa: N815 - the documents' name, which clients read and write


@dataclass(frozen=True, slots=True)
class FailureAnalysis:
    """Why a stage failed at its ``attempt``, what helps, and whether it is tried again or a person has a look."""

    stage: str
    stage_type: str
    category: str
    error: str
    attempt: int
    suggestion: str
    willRetry: bool  # noqa: N815 - the documents' name
    requiresHumanIntervention: bool  # noqa: N815 - the documents' name
