"""Interactions as the documents' routes show them, and what a step answers its pipeline with."""

from dataclasses import dataclass
from typing import TypedDict

from pydantic import BaseModel, ConfigDict

from hitl.canonical import JsonObject
from hitl.workflow.show import iso
from hitl.workflow.state import InteractionStatus
from hitl.workflow.views import InteractionView


class StepAnswer(BaseModel):
    """What a step answers its pipeline with. Beside these fields stand those of the pattern. Times are UTC seconds."""

    model_config = ConfigDict(extra="allow", frozen=True)

    status: str
    interaction_id: str
    ui_schema: JsonObject
    created_at: float
    expires_at: float
    timeout_seconds: float
    data: JsonObject


@dataclass(frozen=True, slots=True)
class InteractionResponse:
    """The documents' InteractionResponse. Times are ISO 8601 with their offset; ``details`` is what the person needs too."""

    interaction_id: str
    status: InteractionStatus
    ui_schema: JsonObject
    data: JsonObject
    details: JsonObject
    pattern: str
    pipeline_name: str
    step_name: str
    priority: str
    created_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class StatusResponse:
    """The status of an interaction, also of one that is over. Times are ISO 8601 with their offset."""

    interaction_id: str
    status: InteractionStatus
    created_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class AcceptedResponse:
    """The answer has taken effect."""

    status: str
    message: str


class WireFields(TypedDict):
    """The fields of an InteractionResponse."""

    interaction_id: str
    status: InteractionStatus
    ui_schema: JsonObject
    data: JsonObject
    details: JsonObject
    pattern: str
    pipeline_name: str
    step_name: str
    priority: str
    created_at: str
    expires_at: str


def wire(shown: InteractionView) -> InteractionResponse:
    """Return the interaction in the documents' form."""
    return InteractionResponse(**wire_fields(shown))


def wire_fields(shown: InteractionView) -> WireFields:
    """Return the fields of the documents' form, by name."""
    return {
        "interaction_id": shown.interaction_id,
        "status": shown.status,
        "ui_schema": shown.ui_schema,
        "data": shown.data,
        "details": shown.details,
        "pattern": shown.pattern,
        "pipeline_name": shown.pipeline_name,
        "step_name": shown.step_name,
        "priority": shown.priority,
        "created_at": iso(shown.created_at),
        "expires_at": iso(shown.expires_at),
    }
