"""Statuses that are not final: a long poll returns once the status leaves this set."""

from typing import Any

CASES = (None, "pending", "pending_human", "pending_expert", "provisional", "waiting", "leased")
WORKFLOWS = (
    "created",
    "running",
    "waiting_approval",
    "started",
    "ai_processing",
    "routing_decision",
    "human_review",
    "expert_review",
)
OPEN = frozenset({*CASES, *WORKFLOWS})


def is_final(answer: dict[str, Any]) -> bool:
    """Tell whether the thing that ``answer`` is about waits for nobody any more."""
    if "waits" in answer:
        return not answer["waits"]
    thing = answer.get("approval") or answer.get("review") or answer
    return thing.get("status") not in OPEN
