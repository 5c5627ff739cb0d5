"""The client's view of a task: labels, input schema, policy, and what serves."""

from typing import Any

from hitl.tasks import TaskSpec
from serve_app.decisions.predictor import TaskModels


def task_line(spec: TaskSpec) -> dict[str, Any]:
    """The task in a list."""
    return {"task": spec.task, "title": spec.title, "url": f"/v1/tasks/{spec.task}"}


def task_view(spec: TaskSpec, served: TaskModels) -> dict[str, Any]:
    """All of the task. ``predictions_by`` says who brings predictions, ``serving`` has no versions until the first model is
    approved; ``policy`` is the one in force."""
    pointer, policy = served.pointer, served.steering.policy
    return {
        **task_line(spec),
        "description": spec.description,
        "labels": spec.labels,
        "predictions_by": spec.predictions_by,
        "input": spec.input.model_dump(mode="json"),
        "risk": policy.policy.body()["risk"],
        "policy": {**policy.policy.body(), "version": policy.version, "is_approved": pointer.policy is not None},
        "serving": {
            "generation": pointer.generation,
            "versions": [{"digest": digest, "share": share} for digest, share in pointer.versions],
            "thresholds": pointer.thresholds,
            "stopped": pointer.stopped,
        },
        "decisions_url": f"/v1/tasks/{spec.task}/decisions",
    }
