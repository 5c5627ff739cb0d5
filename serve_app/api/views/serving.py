"""What serves a task, with its title and its policy."""

from dataclasses import dataclass
from typing import Literal

from hitl.canonical import Json, JsonObject
from hitl.routing.in_force import ModelThresholds, Watching
from hitl.serving.views import PointerView, ServingView


@dataclass(frozen=True, slots=True)
class ServedTask:
    """A task and what serves it; ``serving`` is None before the first model. ``predictions_by`` the client: its cases bring them,
    and the versions that serve are cards."""

    task: str
    title: str
    description: str
    labels: list[str]
    serving: PointerView | None
    predictions_by: Literal["client", "service"]


@dataclass(frozen=True, slots=True)
class ServedTasks:
    """The tasks that the caller may know of, by name."""

    tasks: list[ServedTask]


@dataclass(frozen=True, slots=True)
class TaskServing:
    """What serves the task now, and all that ever did, oldest first."""

    task: str
    serving: ServingView
    history: list[ServingView]


@dataclass(frozen=True, slots=True)
class TaskServingAt:
    """What served the task at ``time``, as the caller wrote it."""

    task: str
    time: str
    serving: ServingView


@dataclass(frozen=True, slots=True)
class TaskPolicy:
    """The policy in force and its version, the digest of its body. The other fields are those of ServingView."""

    task: str
    version: str
    source: Literal["configured", "approved"]
    policy: JsonObject
    generation: int
    thresholds: dict[str, ModelThresholds]
    stopped: dict[str, str]
    audit: dict[str, float]
    prices: dict[str, float]
    shadow: Watching


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy that was adopted or came back at ``since`` (UTC seconds); ``policy`` None: the one of the configuration."""

    generation: int
    since: float | None
    cause: str | None
    approval_id: str | None
    operator: str | None
    reason: str | None
    policy: JsonObject | None


@dataclass(frozen=True, slots=True)
class PolicyHistory:
    """Every change of the task's policy, oldest first."""

    task: str
    history: list[PolicyChange]


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field that differs: ``path`` names it with dots, a rule or a segment by its own name; ``before`` or ``after`` is null
    where the field is absent there."""

    path: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """What a policy of this ``version`` would change in the one in force, whose version is ``replaces``; the fields in the order
    of their paths, none where both say the same."""

    task: str
    version: str
    replaces: str
    changes: list[ChangedField]
