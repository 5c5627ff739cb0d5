"""The events of cases: they start, and move from state to state."""

from msgspec import UNSET, UnsetType

from hitl.canonical import JsonObject
from hitl.machine.events import Event
from hitl.workflow.parts import CaseState, CaseTemplate


class CaseStarted(Event, frozen=True, kw_only=True):
    """A case of ``workflow_type`` begins, with the template that it is routed by."""

    workflow_id: str
    workflow_type: str
    template: CaseTemplate
    request_data: JsonObject
    started_by: str


class CaseMoved(Event, frozen=True, kw_only=True):
    """``result`` is what the state that is left came to. ``context`` is merged into the case's; ``interaction_id`` is the
    people's part that is open now, ``error`` why it failed; each is absent where it does not change."""

    workflow_id: str
    from_state: CaseState
    to_state: CaseState
    trigger: str
    result: JsonObject
    context: JsonObject | UnsetType = UNSET
    interaction_id: str | None | UnsetType = UNSET
    error: str | UnsetType = UNSET
