"""What the configured tasks say of a review: labels, lease and deadline. Read when deciding, never when replaying."""

from collections.abc import Mapping
from dataclasses import dataclass

from hitl.errors import NotFound
from hitl.review.queues import expert_queue, task_of
from hitl.tasks.spec import TaskSpec

FALLBACK_LEASE_S = 120.0
"""For reviews of a task that is no longer configured: they can be claimed and released, not answered."""

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """``default_timeout_s`` holds for tasks that set no deadline of their own."""

    tasks: Mapping[str, TaskSpec]
    default_timeout_s: float

    def labels(self, task: str) -> list[str]:
        """Raises NotFound for a task that is not configured."""
        if task not in self.tasks:
            raise NotFound("task", task)
        return self.tasks[task].labels

    def lease_s(self, task: str) -> float:
        return self.tasks[task].review.lease_s if task in self.tasks else FALLBACK_LEASE_S

    def timeout_s(self, task: str) -> float:
        hours = self.tasks[task].review.timeout_hours if task in self.tasks else None
        return self.default_timeout_s if hours is None else hours * HOUR_S

    def has_queue(self, queue: str) -> bool:
        return task_of(queue) in self.tasks and queue in (task_of(queue), expert_queue(task_of(queue)))
