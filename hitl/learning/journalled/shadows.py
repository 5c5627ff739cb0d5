"""What a challenger would have done, counted once: each note says from where to where the cases were read."""

from collections.abc import Mapping

from hitl.errors import InvalidInput
from hitl.learning.journalled.commands import NoteShadow
from hitl.learning.journalled.events import ShadowNoted
from hitl.learning.journalled.state import Shadows, ShadowTotal
from hitl.learning.journalled.views import NotedShadow
from hitl.machine.machine import Outcome
from hitl.quality.shadow_counts import ShadowCounts


def note(shadows: Shadows, command: NoteShadow) -> Outcome:
    """Nothing when the note does not begin where the counts end: somebody else has counted these cases."""
    known = shadows.get(command.task, {}).get(command.model)
    if command.after != (None if known is None else known.read):
        return Outcome([], NotedShadow(command.task, command.model, is_counted=False))
    _check(command.counts)
    return Outcome([_noted(command, command.counts)], NotedShadow(command.task, command.model, is_counted=True))


def _noted(command: NoteShadow, counts: ShadowCounts) -> ShadowNoted:
    return ShadowNoted(
        task=command.task,
        model=command.model,
        read=dict(command.read),
        cases=counts.cases,
        agreed=counts.agreed,
        failed=counts.failed,
        dropped=counts.dropped,
        routes=dict(counts.routes),
        champions=dict(counts.champions),
    )


def noted(shadows: Shadows, event: ShadowNoted, at: float) -> None:
    """Add the event's counts, in place."""
    known = shadows.setdefault(event.task, {}).setdefault(event.model, ShadowTotal(since=at, at=at, read={}))
    known.at, known.read = at, dict(event.read)
    known.cases += event.cases
    known.agreed += event.agreed
    known.failed += event.failed
    known.dropped += event.dropped
    _add(known.routes, event.routes)
    _add(known.champions, event.champions)


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def _check(counts: ShadowCounts) -> None:
    if min(counts.cases, counts.agreed, counts.failed, counts.dropped) < 0:
        raise InvalidInput("/counts", "numbers >= 0")
