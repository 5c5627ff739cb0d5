"""Count the checks of automatic decisions that nobody answered in time: the alarm takes each of them as wrong."""

from collections.abc import Iterable

from hitl.machine.shards import APPROVAL, Shards
from hitl.serving.questions import ServingOf
from serve_app.evidence.certifying import PolicyOf, answered_within_s
from serve_app.evidence.evidence import TaskEvidence


async def overdue_checks(
    evidence: TaskEvidence, shards: Shards, policy_of: PolicyOf, tasks: Iterable[str], now: float
) -> dict[str, int]:
    """By task, by the time that its policy in force allows. Raises Unavailable while a shard recovers."""
    found = {}
    for task in tasks:
        policy = policy_of(task, await shards.ask(APPROVAL, ServingOf(task))).policy
        before = now - answered_within_s(policy)
        checks = await evidence.check_columns(task)
        found[task] = int((checks.is_automatic & checks.waits & (checks.at < before)).sum())
    return found
