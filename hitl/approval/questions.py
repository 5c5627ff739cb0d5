"""What can be read of the approvals; the answers are plain JSON objects, described here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApprovalOf:
    """``{"approval": {...}}`` with every field. NotFound."""

    approval_id: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """``{"approvals": [...]}`` in the order of their requests; None takes every status or task."""

    status: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class ServingOf:
    """What serves ``task`` now: ``{"task", "generation", "versions": [[digest, share]], "since", "approval_id", "cause",
    "operator", "reason"}`` and every field of hitl.approval.serving.in_force.InForce. ``cause`` is the serving event's type;
    generation 0, no versions and None before the first."""

    task: str


@dataclass(frozen=True, slots=True)
class ServingAt:
    """What served ``task`` at ``at`` (UTC seconds), in the form of ServingOf."""

    task: str
    at: float


@dataclass(frozen=True, slots=True)
class History:
    """``{"task", "history": [...]}``: all that ever served, oldest first, in the form of ServingOf."""

    task: str


@dataclass(frozen=True, slots=True)
class Pointers:
    """``{task: {"generation", "versions"}}`` of every task that a model serves."""
