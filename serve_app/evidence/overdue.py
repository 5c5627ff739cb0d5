"""Count the checks of automatic decisions that nobody answered in time: the alarm takes each of them as wrong."""

from collections.abc import Mapping

from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import answered_within_s
from serve_app.evidence.evidence import TaskEvidence


async def overdue_checks(evidence: TaskEvidence, tasks: Mapping[str, TaskSpec], now: float) -> dict[str, int]:
    """By task. Raises Unavailable while a shard recovers."""
    found = {}
    for task, spec in tasks.items():
        before = now - answered_within_s(spec.configured_policy())
        late = [each for each in await evidence.checks(task) if each.is_automatic and each.wrong is None and each.at < before]
        found[task] = len(late)
    return found
