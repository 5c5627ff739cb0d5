"""Interactions as the documents' routes show them, and what a step answers its pipeline with."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from hitl.workflow.show import iso
from hitl.workflow.state import InteractionStatus
from hitl.workflow.views import InteractionView


class StepAnswer(BaseModel):
    """What a step answers its pipeline with. Beside these fields stand those of the pattern. Times are UTC seconds."""

    model_config = ConfigDict(extra="allow", frozen=True)

    status: str
    interaction_id: str
    ui_schema: dict[str, Any]
    created_at: float
    expires_at: float
    timeout_seconds: float
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class InteractionResponse:
    """The documents' InteractionResponse. Times are ISO 8601 with their offset; ``details`` is what the person needs too."""

    interaction_id: str
    status: InteractionStatus
    ui_schema: dict[str, Any]
    data: dict[str, Any]
    details: dict[str, Any]
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


def wire(shown: InteractionView) -> InteractionResponse:
    """The interaction in the documents' form."""
    return InteractionResponse(**wire_fields(shown))


def wire_fields(shown: InteractionView) -> dict[str, Any]:
    """The fields of the documents' form, by name."""
    names = ("interaction_id", "status", "ui_schema", "data", "details", "pattern", "pipeline_name", "step_name", "priority")
    times = {"created_at": iso(shown.created_at), "expires_at": iso(shown.expires_at)}
    return {**{name: getattr(shown, name) for name in names}, **times}
