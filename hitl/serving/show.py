"""What serves as a view: the same in answers and, as plain JSON, in the compared state."""

from hitl.serving.in_force import NOTHING
from hitl.serving.state import ServingRecord
from hitl.serving.views import ServingView


def show_served(task: str, served: ServingRecord | None) -> ServingView:
    """Return one line of a task's serving history; None is before the first."""
    now = NOTHING if served is None else served.now
    return ServingView(
        task=task,
        generation=0 if served is None else served.generation,
        versions=[] if served is None else [*served.versions],
        since=None if served is None else served.since,
        approval_id=None if served is None else served.approval_id,
        cause=None if served is None else served.cause,
        operator=None if served is None else served.operator,
        reason=None if served is None else served.reason,
        policy=now.policy,
        thresholds=now.thresholds,
        stopped=now.stopped,
        audit=now.audit,
        prices=now.prices,
        shadow=now.shadow,
        definition=now.definition,
    )
