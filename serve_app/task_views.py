"""What a client may know of a task before it sends a case: labels, input schema, policy, and what serves."""

from dataclasses import asdict
from typing import Any

from hitl.intake.ports import Pointer
from hitl.routing.policy import Policy
from hitl.tasks import TaskSpec


def task_line(spec: TaskSpec) -> dict[str, Any]:
    """The task in a list."""
    return {"task": spec.task, "title": spec.title, "url": f"/v1/tasks/{spec.task}"}


def task_view(spec: TaskSpec, policy: Policy, pointer: Pointer) -> dict[str, Any]:
    """All of the task. ``serving`` has no versions until the first model is approved."""
    return {
        **task_line(spec),
        "description": spec.description,
        "labels": spec.labels,
        "input": spec.input.model_dump(mode="json"),
        "risk": spec.risk,
        "policy": {**asdict(policy), "version": policy.version},
        "serving": {
            "generation": pointer.generation,
            "versions": [{"digest": digest, "share": share} for digest, share in pointer.versions],
        },
        "decisions_url": f"/v1/tasks/{spec.task}/decisions",
    }
