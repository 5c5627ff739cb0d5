"""Errors of learning."""

from hitl.errors.conflicts import Conflict


class OverrideClosed(Conflict):
    """The override answers nothing any more, and takes no confirmation."""

    def __init__(self, override_id: str, reason: str) -> None:
        super().__init__(override_id, reason)
        self.override_id, self.reason = override_id, reason

    def __str__(self) -> str:
        return f"override {self.override_id} has ended: {self.reason}"
