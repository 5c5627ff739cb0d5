"""What serves each task, and all that ever served it."""

from dataclasses import dataclass, field
from typing import Any

from hitl.canonical import JsonObject
from hitl.serving.events import Versions
from hitl.serving.in_force import NOTHING, InForce
from hitl.serving.views import CertificateView

MOST_CERTIFICATES = 50
"""Of a task, the newest."""
MOST_PLANS = 50
"""Pairs of a model and a policy of a task, the newest, and those of what serves."""


@dataclass(frozen=True, slots=True)
class ServingRecord:
    """What serves a task from ``since`` (UTC seconds) on, with all that is in force ``now``. ``approval_id`` approved these
    bytes, or this policy; ``operator`` is a person's who went back to an earlier version."""

    generation: int
    versions: Versions
    since: float
    approval_id: str | None
    cause: str
    operator: str | None = None
    reason: str | None = None
    now: InForce = NOTHING


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """What defines a task from its serving ``generation`` on, 0: from the first case on; ``body`` None: it is taken away.
    ``approval_id`` None: a file gave it. ``since`` is UTC seconds. ``fits``: models of the definition before it fit it."""

    digest: str
    body: JsonObject | None
    generation: int
    since: float
    approval_id: str | None
    fits: bool = True


@dataclass(slots=True)
class ServingState:
    """``served`` is each task's history, oldest first; ``approved_by`` the approval under which a task's digest was last
    deployed; ``rejected`` the approval that rejected it; ``certificates`` a task's newest ones and those in force, oldest
    first, with their whole evidence; ``plans`` which thresholds are tested, by task, then by (model, policy), then by segment;
    ``definitions`` all that ever defined each task, oldest first."""

    served: dict[str, list[ServingRecord]] = field(default_factory=dict)
    approved_by: dict[tuple[str, str], str] = field(default_factory=dict)
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    certificates: dict[str, list[CertificateView]] = field(default_factory=dict)
    plans: dict[str, dict[tuple[str, str], dict[str, dict[str, Any]]]] = field(default_factory=dict)
    definitions: dict[str, list[TaskDefinition]] = field(default_factory=dict)

    def generation(self, task: str) -> int:
        """Return the number of the task's last serving event; 0 before the first."""
        served = self.served.get(task)
        return served[-1].generation if served else 0

    def versions(self, task: str) -> Versions:
        """Pairs of digest and share; none before the first deployment."""
        served = self.served.get(task)
        return served[-1].versions if served else []

    def in_force(self, task: str) -> InForce:
        """Return all that steers the task beside its models; nothing before the first serving event."""
        served = self.served.get(task)
        return served[-1].now if served else NOTHING

    def definition(self, task: str) -> TaskDefinition | None:
        """Return what defines the task now; None before the journal has a definition of it."""
        found = self.definitions.get(task)
        return found[-1] if found else None

    def fitting_since(self, task: str) -> int:
        """Return the generation from which on models and policies of the task are about its labels of now."""
        return max((each.generation for each in self.definitions.get(task, ()) if not each.fits), default=0)

    def approval_id(self, task: str) -> str | None:
        """Return the approval under which what serves now was last deployed."""
        served = self.served.get(task)
        return served[-1].approval_id if served else None
