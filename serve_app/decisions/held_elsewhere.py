"""Which tasks' models the predictor holds, and which the gateways do."""

from collections.abc import Mapping

from hitl.inference.families import family_named
from hitl.tasks import TaskSpec


def held_elsewhere(predictor: str, tasks: Mapping[str, TaskSpec]) -> frozenset[str]:
    """Return the tasks whose models the predictor holds: all of them, or those of others. Cards of declared models are read in
    the gateway: they compute nothing."""
    if predictor == "deployment":
        return frozenset(task for task, spec in tasks.items() if not spec.is_declared)
    return tasks_of_others(tasks)


def tasks_of_others(tasks: Mapping[str, TaskSpec]) -> frozenset[str]:
    """Return the tasks whose models others made. A graph from outside never runs in a gateway's process: it could hold all
    decisions."""
    return frozenset(task for task, spec in tasks.items() if family_named(spec.model.family).is_foreign)
