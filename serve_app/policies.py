"""The policy of each task: its own bands under the thresholds that the environment sets for all."""

from collections.abc import Mapping

from hitl.routing.policy import Policy
from hitl.tasks import TaskSpec
from hitl.tasks.spec import Bands


def policies(tasks: Mapping[str, TaskSpec], automatic: float | None, expert: float | None) -> dict[str, Policy]:
    """The policies by task. ``automatic`` (AUTO_APPROVE_THRESHOLD) and ``expert`` (EXPERT_ESCALATION_THRESHOLD) replace a
    task's ``automatic`` and ``high`` where they are given. Raises InvalidConfig when they leave no room between them."""
    return {name: _policy(spec.policy, automatic, expert) for name, spec in tasks.items()}


def _policy(bands: Bands, automatic: float | None, expert: float | None) -> Policy:
    """``normal`` moves as little as keeps the bands in order: nobody set it."""
    high = bands.high if expert is None else expert
    top = bands.automatic if automatic is None else automatic
    return Policy(top, min(max(bands.normal, high), top), high)
