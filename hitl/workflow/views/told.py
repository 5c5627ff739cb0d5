"""What who sends a command is told. The journal keeps these answers as plain JSON."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from hitl.canonical import JsonObject


@dataclass(frozen=True, slots=True)
class OpenedInteraction:
    """``status`` is that of the pipeline's step; the interaction ends at ``expires_at`` (UTC seconds)."""

    interaction_id: str
    status: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class AnsweredInteraction:
    """Whether the interaction is over (``status``), and whether the one that it is a part of is (``is_decided``), with the
    ``decision`` field of its input; None without one."""

    interaction_id: str
    status: str
    is_decided: bool
    decision: Any


@dataclass(frozen=True, slots=True)
class WorkflowStatus:
    """A case or a workflow of stages, and its status now."""

    workflow_id: str
    status: str


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """The case's state after the person's decision."""

    workflow_id: str
    status: str
    decision_processed: bool


@dataclass(frozen=True, slots=True)
class ChangedWorkflow:
    """``happened`` are the names of the events, in order."""

    workflow_id: str
    happened: list[str]


@dataclass(frozen=True, slots=True)
class TakenStage:
    """The stage is the caller's: ``attempt`` is their right to report. ``results`` are those of the completed stages, by name."""

    workflow_id: str
    stage: str
    attempt: int
    type: str
    config: JsonObject
    results: dict[str, JsonObject | None]


class ArchivableObject(NamedTuple):
    """What is over, by its name in the archive, with the text that is to be kept of it."""

    object_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivableObjects:
    """What may leave memory, in the order in which it was over."""

    objects: list[ArchivableObject]


@dataclass(frozen=True, slots=True)
class ArchivedObjects:
    """How many objects left memory."""

    archived: int


@dataclass(frozen=True, slots=True)
class RecalledObjects:
    """How many objects came back."""

    recalled: int
