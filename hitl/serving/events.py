"""The events that change what serves a task. Each has the next ``generation``, all ``versions`` and all that is in force."""

from typing import Any

from hitl.serving.in_force import InForce

ADOPTING = frozenset({"Deployed", "PolicyAdopted"})
"""Those that settle an approval."""

SERVING_EVENTS = ADOPTING | {
    "RolledBack",
    "PolicyReverted",
    "Certified",
    "AutomationStopped",
    "SharesSet",
    "AuditRateSet",
    "PricesSet",
    "ShadowSet",
}


def changed(
    kind: str,
    task: str,
    generation: int,
    versions: list[list[Any]],
    now: InForce,
    approval_id: str | None,
    fields: dict[str, Any],
) -> dict[str, Any]:
    """``approval_id``: the one under which the main model, or with PolicyAdopted the policy, was approved."""
    told = {"type": kind, "task": task, "generation": generation, "versions": versions, "approval_id": approval_id}
    return {**told, **fields, **now.plain()}
