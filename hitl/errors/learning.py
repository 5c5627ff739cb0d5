"""Errors of learning."""

from hitl.errors.conflicts import Conflict


class OverrideClosed(Conflict):
    """The override answers nothing any more, and takes no confirmation."""

    message = "override {override_id} has ended: {reason}"
    override_id: str
    reason: str
