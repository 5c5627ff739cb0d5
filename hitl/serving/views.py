"""What callers are told of a task's serving state: the answers to its questions and commands."""

from dataclasses import dataclass

from hitl.canonical import JsonObject
from hitl.routing.in_force import ModelThresholds, Watching
from hitl.serving.events import Versions


@dataclass(frozen=True, slots=True)
class ServingView:
    """What serves ``task`` from ``since`` (UTC seconds) on, with all that is in force beside it.

    ``generation`` counts the task's serving events, 0 before the first. ``versions`` are pairs of a model's digest and its share;
    the shares add up to 1. ``cause`` is the type of the serving event, ``approval_id`` the approval of the main model, or of the
    policy that was adopted. ``operator`` and ``reason`` tell who went back to an earlier version, and why. The fields after
    them are those of hitl.serving.in_force.InForce.
    """

    task: str
    generation: int
    versions: Versions
    since: float | None
    approval_id: str | None
    cause: str | None
    operator: str | None
    reason: str | None
    policy: JsonObject | None
    thresholds: dict[str, ModelThresholds]
    stopped: dict[str, str]
    audit: dict[str, float]
    prices: dict[str, float]
    shadow: Watching
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class ServingHistory:
    """All that ever served ``task``, oldest first."""

    task: str
    history: list[ServingView]


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate for the digest ``model``, in force since ``generation``, made ``at`` (UTC seconds).

    ``certificate`` is the digest of ``evidence``."""

    task: str
    generation: int
    model: str
    certificate: str
    evidence: JsonObject
    at: float


@dataclass(frozen=True, slots=True)
class TaskCertificates:
    """The newest 50 certificates of ``task`` and those in force, oldest first."""

    task: str
    certificates: list[CertificateView]


@dataclass(frozen=True, slots=True)
class PlanView:
    """By segment, which thresholds are tested for ``model`` under ``policy_version``
    (hitl.quality.planning.CertificationPlan, as JSON)."""

    model: str
    policy_version: str
    segments: dict[str, JsonObject]


@dataclass(frozen=True, slots=True)
class TaskPlans:
    """The plans of ``task``, those that were made first come first."""

    task: str
    plans: list[PlanView]


@dataclass(frozen=True, slots=True)
class PointerView:
    """The ``generation`` of what serves a task, and its ``versions`` as in ServingView."""

    generation: int
    versions: Versions


@dataclass(frozen=True, slots=True)
class ChangedServing:
    """The task's next ``generation``, and the ``versions`` that serve in it."""

    task: str
    generation: int
    versions: Versions


@dataclass(frozen=True, slots=True)
class ChangedPolicy(ChangedServing):
    """``digest`` is that of the policy that routes now; None: the one of the task's configuration."""

    digest: str | None


@dataclass(frozen=True, slots=True)
class AdoptedDefinition(ChangedServing):
    """``digest`` is that of the definition that is in force now."""

    digest: str


@dataclass(frozen=True, slots=True)
class RecordedDefinitions:
    """The ``tasks`` whose first definitions were taken; none where the journal had some."""

    tasks: list[str]


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """What defines ``task`` from its serving ``generation`` on, in force since ``since`` (UTC seconds).

    ``body`` is the definition as its author wrote it, None where the task is taken away, and ``last`` the newest one that is not
    None; ``approval_id`` is the approval of its change, None for the first definition, which a file gave."""

    task: str
    generation: int
    digest: str
    since: float
    approval_id: str | None
    body: JsonObject | None
    last: JsonObject | None


@dataclass(frozen=True, slots=True)
class DefinitionHistory:
    """All that ever defined ``task``, oldest first."""

    task: str
    history: list[DefinitionView]


@dataclass(frozen=True, slots=True)
class DefinitionsInForce:
    """What defines each task now, by task; of one that was taken away too, which has no body."""

    definitions: dict[str, DefinitionView]


@dataclass(frozen=True, slots=True)
class NewCertificate(ChangedServing):
    """``certificate`` is the digest of the evidence that sets the thresholds."""

    certificate: str


@dataclass(frozen=True, slots=True)
class RolledBackModel(ChangedServing):
    """``digest`` serves alone again, under the approval with which it was deployed."""

    digest: str
    approval_id: str


@dataclass(frozen=True, slots=True)
class UnchangedServing:
    """The command asks for what is so already: nothing was recorded."""
