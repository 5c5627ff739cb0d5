"""The client's view of a task: labels, input schema, policy, and what serves."""

from dataclasses import dataclass
from typing import Literal

from hitl.canonical import JsonObject
from hitl.routing.in_force import ModelThresholds
from hitl.tasks import TaskSpec
from serve_app.decisions.predictor import TaskModels


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list; ``url`` is the path of all that clients may know of it."""

    task: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks that the caller may see, by name."""

    tasks: list[TaskLine]


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A model by the digest of its bytes, and its share of the traffic in [0, 1]."""

    digest: str
    share: float


@dataclass(frozen=True, slots=True)
class ServedModels:
    """What serves, by the ``generation`` of the last change: no versions until the first model is approved. ``thresholds`` are
    the certified ones by digest, ``stopped`` says by segment why nothing is automatic there."""

    generation: int
    versions: list[ServedVersion]
    thresholds: dict[str, ModelThresholds]
    stopped: dict[str, str]


@dataclass(frozen=True, slots=True)
class TaskView(TaskLine):
    """A task for its clients. ``none_answer`` is what people may answer beside the labels,
    ``predictions_by`` says who brings predictions, ``input`` is the schema of ``features``,
    ``answer`` that of answers; ``policy``
    is the one in force, with its ``version`` and whether people approved it (``is_approved``) or it is the task file's; ``risk``
    is the policy's own."""

    description: str
    labels: list[str]
    none_answer: str | None
    predictions_by: Literal["client", "service"]
    input: JsonObject
    answer: JsonObject
    risk: JsonObject | str | None
    policy: JsonObject
    serving: ServedModels
    decisions_url: str


def task_line(spec: TaskSpec) -> TaskLine:
    """Return the task in a list."""
    return TaskLine(spec.task, spec.title, f"/v1/tasks/{spec.task}")


def task_view(spec: TaskSpec, served: TaskModels) -> TaskView:
    """All of the task that a client may know."""
    pointer, policy, line = served.pointer, served.steering.policy, task_line(spec)
    body = policy.policy.body()
    return TaskView(
        line.task,
        line.title,
        line.url,
        description=spec.description,
        labels=spec.labels,
        none_answer=spec.none_answer,
        predictions_by=spec.predictions_by,
        input=spec.input.model_dump(mode="json"),
        answer=spec.answer.model_dump(mode="json"),
        risk=body["risk"],
        policy={**body, "version": policy.version, "is_approved": pointer.policy is not None},
        serving=ServedModels(
            pointer.generation,
            [ServedVersion(digest, share) for digest, share in pointer.versions],
            pointer.thresholds,
            pointer.stopped,
        ),
        decisions_url=f"/v1/tasks/{spec.task}/decisions",
    )
