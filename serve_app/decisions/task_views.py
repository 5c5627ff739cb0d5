"""The client's view of a task: labels, input schema, policy, and what serves."""

from collections.abc import Mapping
from dataclasses import dataclass

from hitl.canonical import JsonObject
from hitl.routing.in_force import ModelThresholds
from hitl.tasks import TaskSpec
from serve_app.decisions.predictor import TaskModels


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list; ``url`` shows all of it."""

    task: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskLines:
    """The tasks that the caller may know of, by name."""

    tasks: list[TaskLine]


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A model's digest and its share of the cases, in (0, 1]."""

    digest: str
    share: float


@dataclass(frozen=True, slots=True)
class ServedNow:
    """What serves from ``generation`` on. ``thresholds`` are by model digest, ``stopped`` gives the reason by segment."""

    generation: int
    versions: list[ServedVersion]
    thresholds: Mapping[str, ModelThresholds]
    stopped: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaskDescription(TaskLine):
    """All of a task. ``serving`` has no versions until the first model is approved; ``policy`` is the one in force, with its
    ``version`` and whether it ``is_approved``; ``risk`` is the policy's. ``input`` is the task file's own section."""

    description: str
    labels: list[str]
    input: JsonObject
    risk: JsonObject | str
    policy: JsonObject
    serving: ServedNow
    decisions_url: str


def task_line(spec: TaskSpec) -> TaskLine:
    """The task in a list."""
    return TaskLine(spec.task, spec.title, _url(spec))


def task_view(spec: TaskSpec, served: TaskModels) -> TaskDescription:
    """All of the task, with what serves it in this process."""
    pointer, policy = served.pointer, served.steering.policy
    body = policy.policy.body()
    return TaskDescription(
        task=spec.task,
        title=spec.title,
        url=_url(spec),
        description=spec.description,
        labels=spec.labels,
        input=spec.input.model_dump(mode="json"),
        risk=body["risk"],
        policy={**body, "version": policy.version, "is_approved": pointer.policy is not None},
        serving=ServedNow(
            pointer.generation,
            [ServedVersion(digest, share) for digest, share in pointer.versions],
            pointer.thresholds,
            pointer.stopped,
        ),
        decisions_url=f"{_url(spec)}/decisions",
    )


def _url(spec: TaskSpec) -> str:
    return f"/v1/tasks/{spec.task}"
