"""Tell when a long poll returns: once the thing that it asks about has a final status."""

from typing import Any

from hitl import approval, review, workflow

OPEN: frozenset[str | None] = frozenset({None}) | review.OPEN_STATUSES | approval.OPEN_STATUSES | workflow.OPEN_STATUSES
"""The open statuses of every machine; None is an answer about nothing yet."""


def is_final(answer: Any) -> bool:
    """Tell whether the thing that ``answer``, a view or a plain object, is about waits for nobody any more."""
    waits = _part(answer, "waits")
    if waits is not None:
        return not waits
    thing = _part(answer, "approval") or _part(answer, "review") or answer
    return _part(thing, "status") not in OPEN


def _part(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
