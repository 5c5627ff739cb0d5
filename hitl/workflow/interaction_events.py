"""The events of interactions: they are opened, answered, refined and closed."""

from msgspec import UNSET, UnsetType

from hitl.canonical import JsonObject
from hitl.machine.events import Event
from hitl.workflow.parts import Assignment, SeenInteraction

CHANNEL = "interactions"
"""The topic of whoever waits for the next change of any interaction."""


class AboutInteraction(Event, frozen=True, kw_only=True):
    """Base of all of them."""

    interaction_id: str
    channel: str = CHANNEL


class InteractionOpened(AboutInteraction, frozen=True, kw_only=True):
    """People are asked. Times are UTC seconds; the fields are those of the interaction."""

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
    expires_at: float


class ApproversAsked(AboutInteraction, frozen=True, kw_only=True):
    """Each of ``approvers`` is asked for their part of the request ``interaction_id``, which was opened just before: each part is
    an interaction, with what it repeats of the request left out."""

    approvers: list[str]
    step_status: str
    ui_schema: JsonObject


class ApproversReleased(AboutInteraction, frozen=True, kw_only=True):
    """The parts of the request that are still open end with it; ``closed_by`` is ``approval`` or ``time``."""

    status: str
    closed_by: str
    reason: str


class AnswerGiven(AboutInteraction, frozen=True, kw_only=True):
    """``user_id`` answered; ``seen`` is absent where the answer was given to a part of this interaction."""

    user_id: str
    input: JsonObject
    seen: SeenInteraction | UnsetType = UNSET


class InteractionRefined(AboutInteraction, frozen=True, kw_only=True):
    """One more round: ``details`` replace those of the same name."""

    details: JsonObject
    ui_schema: JsonObject


class InteractionEscalated(AboutInteraction, frozen=True, kw_only=True):
    """``by`` asks that people are told again: ``message`` says why. Nobody may answer because of it who might not before."""

    by: str
    message: str


class InteractionClosed(AboutInteraction, frozen=True, kw_only=True):
    """The end. ``closed_by`` is a person, ``time``, or in older entries ``approval`` for a part whose whole is over;
    ``human_input`` None: nobody answered."""

    status: str
    human_input: JsonObject | None
    closed_by: str
    reason: str | None
