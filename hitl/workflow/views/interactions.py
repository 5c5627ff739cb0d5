"""Views of interactions: one, several, and what changed."""

from dataclasses import dataclass
from typing import Literal

from hitl.canonical import JsonObject
from hitl.workflow.parts import Assignment, GivenAnswer
from hitl.workflow.state import InteractionStatus


@dataclass(frozen=True, slots=True)
class VoteTally:
    """The live count of an interaction that people vote on: votes by option, who has not voted, and the option that has won
    (None while it is open)."""

    rule: str
    counts: dict[str, int]
    missing: list[str]
    verdict: str | None


@dataclass(frozen=True, slots=True)
class InteractionView:
    """An interaction with every field. Times are UTC seconds.

    ``data`` is the pipeline's and ``human_input`` the people's, None without an answer. ``answers`` has each person's last
    answer; ``default_input`` is what the deadline answers; ``rule`` says how votes are counted; ``parent`` is the request for
    many approvals that this one belongs to; ``closed_by`` is a person, ``time``, or ``approval``. ``tally`` is None where nobody
    votes.
    """

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
    status: InteractionStatus
    answers: dict[str, GivenAnswer]
    human_input: JsonObject | None
    closed_by: str | None
    completed_at: float | None
    reason: str | None
    tally: VoteTally | None


@dataclass(frozen=True, slots=True)
class InteractionList:
    """Interactions, newest first. ``is_cut``: more were asked for, and would make the answer too large."""

    interactions: list[InteractionView]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class PendingInteractions:
    """The interactions that wait for one person, oldest first. Changes after ``cursor`` are not in them. ``is_cut``: there are
    more, and they would make the answer too large; they come as the first are answered."""

    interactions: list[InteractionView]
    cursor: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class InteractionChange:
    """Change ``number`` of all interactions: the event's name, and the interaction as it is now."""

    number: int
    kind: str
    interaction: InteractionView


@dataclass(frozen=True, slots=True)
class InteractionChanges:
    """The changes up to ``cursor``, oldest first. ``is_complete`` False: some before them are no longer kept."""

    status: Literal["changed", "waiting"]
    cursor: int
    is_complete: bool
    changes: list[InteractionChange]
