"""What lists choose interactions and workflows by: all that is looked at of those in the archive."""

import msgspec

from hitl.workflow.parts import Assignment


class ListedInteraction(msgspec.Struct):
    """Of an interaction."""

    status: str
    pattern: str
    task: str | None
    created_by: str
    assignments: list[Assignment]
    parent: str | None


class ListedFlow(msgspec.Struct):
    """Of a workflow of stages."""

    status: str
    created_by: str
    approvers: list[str]


class ListedCase(msgspec.Struct):
    """Of a case."""

    state: str
    started_by: str


LISTED = ("status", "state", "pattern", "task", "created_by", "started_by", "approvers", "parent", "assignments")
"""The fields of all of them."""
