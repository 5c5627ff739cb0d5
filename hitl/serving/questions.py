"""What can be read of what serves; the answers are plain JSON objects, described here."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ServingOf:
    """What serves ``task`` now: ``{"task", "generation", "versions": [[digest, share]], "since", "approval_id", "cause",
    "operator", "reason"}`` and every field of hitl.serving.in_force.InForce. ``cause`` is the serving event's type;
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


@dataclass(frozen=True, slots=True)
class Certificates:
    """``{"task", "certificates": [{"task", "generation", "model", "certificate", "evidence", "at"}]}``: the newest 50 and
    those in force, oldest first. ``certificate`` is the digest of ``evidence``."""

    task: str


ServingQuestion: TypeAlias = ServingOf | ServingAt | History | Pointers | Certificates
