"""What can be read of what serves, each question with the view that answers it."""

from dataclasses import dataclass
from typing import TypeAlias

from hitl.machine.asked import Question
from hitl.serving import views


@dataclass(frozen=True, slots=True)
class ServingOf(Question[views.ServingView]):
    """Ask what serves ``task`` now."""

    task: str


@dataclass(frozen=True, slots=True)
class ServingAt(Question[views.ServingView]):
    """Ask what served ``task`` at ``at`` (UTC seconds)."""

    task: str
    at: float


@dataclass(frozen=True, slots=True)
class History(Question[views.ServingHistory]):
    """Ask for all that ever served ``task``."""

    task: str


@dataclass(frozen=True, slots=True)
class Pointers(Question[dict[str, views.PointerView]]):
    """Ask for the pointer of every task that a model serves, by task."""


@dataclass(frozen=True, slots=True)
class Certificates(Question[views.TaskCertificates]):
    """Ask for the certificates of ``task``."""

    task: str


@dataclass(frozen=True, slots=True)
class CertificationPlans(Question[views.TaskPlans]):
    """Ask which thresholds are tested for the models of ``task``."""

    task: str


@dataclass(frozen=True, slots=True)
class Definitions(Question[views.DefinitionsInForce]):
    """Ask what defines every task now."""


@dataclass(frozen=True, slots=True)
class DefinitionsOf(Question[views.DefinitionHistory]):
    """Ask for all that ever defined ``task``."""

    task: str


ServingQuestion: TypeAlias = (
    ServingOf | ServingAt | History | Pointers | Certificates | CertificationPlans | Definitions | DefinitionsOf
)
