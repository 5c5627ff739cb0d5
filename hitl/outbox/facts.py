"""Select what a notification may tell of an event: plain fields, never objects with a case's input or evidence."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hitl.approval.events import DeploymentFailed
from hitl.journal.entry import Commit, Effect
from hitl.learning.journalled.events import RetrainingNoted
from hitl.machine.events import names_of, type_of
from hitl.review.answer_events import DecisionUndone, ReviewAnswered, ReviewDecided
from hitl.serving.events import AuditRateSet, AutomationStopped, PricesSet, SharesSet
from hitl.trace_context import TraceContext, read_trace_context

MAX_TEXT = 500
"""Characters of a field: a message names things, the service has the rest."""

UNSETTLED = names_of(ReviewAnswered, ReviewDecided, DecisionUndone)
"""Events of an answer that may still change: an undo window is open, or others have yet to answer without knowing it."""

PRIVATE = frozenset({"type", "comment", "reason", "escalation", "detail", "error", "salt"})
"""Fields of an event that never leave; comments and people's reasons, as that of a rejection or of an escalation, are free text
about a case, and so may be what a client reports of a failure."""

EXPLAINED = names_of(DeploymentFailed, AutomationStopped, SharesSet, AuditRateSet, PricesSet, RetrainingNoted)
"""Events of what serves or is trained: why it changed is about the model, and whoever is called at night needs it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. ``source`` is its stable place: ``<shard>-<seq>`` of a journal, or the id that it was put
    under; ``kind`` the event's type; ``at`` UTC seconds; ``trace`` is its command's, if it has one."""

    source: str
    kind: str
    at: float
    fields: dict[str, Any]
    trace: TraceContext | None = None


def facts_of(shard: str, seq: int, commit: Commit | Effect[dict[str, Any]], kinds: Collection[str] | None = None) -> list[Fact]:
    """Return the facts of one journal entry, in order: those of ``kinds``, or all; events in UNSETTLED give none. ``by`` is who
    sent the command."""
    told = [event for event in commit.events if kinds is None or type_of(event) in kinds]
    if not told:
        return []
    source, trace = f"{shard}-{seq}", read_trace_context(commit.traceparent, commit.tracestate) if commit.traceparent else None
    return [
        Fact(source, type_of(event), commit.at, _plain(event) | {"by": commit.by}, trace)
        for event in told
        if type_of(event) not in UNSETTLED
    ]


def _plain(event: dict[str, Any]) -> dict[str, Any]:
    private = PRIVATE - {"reason", "detail"} if type_of(event) in EXPLAINED else PRIVATE
    return {name: _cut(value) for name, value in event.items() if name not in private and _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int | float)


def _cut(value: Any) -> Any:
    return value[:MAX_TEXT] if isinstance(value, str) else value
