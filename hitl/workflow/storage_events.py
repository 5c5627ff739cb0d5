"""The events of interactions, cases and workflows that leave memory for the archive, and of those that come back."""

from hitl.canonical import JsonObject
from hitl.machine.events import Event


class WorkflowObjectArchived(Event, frozen=True, kw_only=True):
    """The object left memory: it is over. ``object_id`` is ``interaction/<id>``, or ``workflow/<id>`` of a case or a workflow of
    stages; ``kept`` is the SHA-256 of what is kept of it."""

    object_id: str
    kept: str


class WorkflowObjectRecalled(Event, frozen=True, kw_only=True):
    """The object came back, because somebody changes it; ``object`` is what was kept of it."""

    object_id: str
    object: JsonObject
