"""Tasks: input, labels, model, policy and review terms, read from one YAML file each."""

from hitl.tasks.inputs import Vector
from hitl.tasks.load import load_task, load_tasks
from hitl.tasks.spec import TaskSpec, vector_from

__all__ = ["TaskSpec", "Vector", "load_task", "load_tasks", "vector_from"]
