"""What a challenger would have done, counted once: each note says from where to where the cases were read."""

from collections.abc import Mapping
from typing import Any

from hitl.errors import InvalidInput
from hitl.learning.journalled.commands import NoteShadow
from hitl.learning.journalled.events import ShadowNoted
from hitl.machine.machine import Outcome

NUMBERS = ("cases", "agreed", "failed", "dropped")
BY_NAME = ("routes", "champions")

Shadows = dict[str, dict[str, dict[str, Any]]]
"""By task and model: ``since`` and ``at`` (UTC seconds), ``read`` (partition: position), the numbers, and those by name."""


def note(shadows: Shadows, command: NoteShadow) -> Outcome:
    """Nothing when the note does not begin where the counts end: somebody else has counted these cases."""
    known = shadows.get(command.task, {}).get(command.model)
    answer: dict[str, Any] = {"task": command.task, "model": command.model}
    if command.after != (None if known is None else known["read"]):
        return Outcome([], {**answer, "is_counted": False})
    _check(command.counts)
    counts = command.counts
    event = ShadowNoted(
        task=command.task,
        model=command.model,
        read=dict(command.read),
        cases=counts["cases"],
        agreed=counts["agreed"],
        failed=counts["failed"],
        dropped=counts["dropped"],
        routes=counts["routes"],
        champions=counts["champions"],
    )
    return Outcome([event], {**answer, "is_counted": True})


def noted(shadows: Shadows, event: ShadowNoted, at: float) -> None:
    """Add the event's counts, in place."""
    fresh: dict[str, Any] = {"since": at, **dict.fromkeys(NUMBERS, 0), **{name: {} for name in BY_NAME}}
    known = shadows.setdefault(event.task, {}).setdefault(event.model, fresh)
    known["at"], known["read"] = at, dict(event.read)
    for name, count in (("cases", event.cases), ("agreed", event.agreed), ("failed", event.failed), ("dropped", event.dropped)):
        known[name] += count
    _add(known["routes"], event.routes)
    _add(known["champions"], event.champions)


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def shown(shadows: Shadows) -> Shadows:
    """A copy that nobody shares."""
    return {task: {model: _copied(one) for model, one in models.items()} for task, models in shadows.items()}


def _copied(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, dict) else value for name, value in one.items()}


def _check(counts: Mapping[str, Any]) -> None:
    if set(counts) != {*NUMBERS, *BY_NAME}:
        raise InvalidInput("/counts", f"exactly {', '.join((*NUMBERS, *BY_NAME))}")
    if any(counts[name] < 0 for name in NUMBERS):
        raise InvalidInput("/counts", "numbers >= 0")
