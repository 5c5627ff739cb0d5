"""Tell when a long poll returns: once the thing that it asks about has a final status."""

from typing import Any

from hitl import approval, review, workflow

OPEN: frozenset[str | None] = frozenset({None}) | review.OPEN_STATUSES | approval.OPEN_STATUSES | workflow.OPEN_STATUSES
"""The open statuses of every machine; None is an answer about nothing yet."""


def is_final(answer: dict[str, Any]) -> bool:
    """Tell whether the thing that ``answer`` is about waits for nobody any more."""
    if "waits" in answer:
        return not answer["waits"]
    thing = answer.get("approval") or answer.get("review") or answer
    return thing.get("status") not in OPEN
