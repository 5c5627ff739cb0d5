"""The events of every journal as one union, for readers that follow them all: what is counted and what is reported."""

from typing import Any, TypeAlias, get_args

import msgspec

from hitl.access.events import AccessEvent
from hitl.approval.events import ApprovalEvent
from hitl.journal.entry import Effect
from hitl.learning.journalled.events import LearningEvent
from hitl.machine.events import EventCodec, names_of, type_of
from hitl.review.events import ReviewEvent
from hitl.workflow.events import WorkflowEvent

AnyEvent: TypeAlias = ReviewEvent | ApprovalEvent | WorkflowEvent | LearningEvent | AccessEvent
"""Serving's events are among those of approvals, whose journal has them."""

EVENTS: EventCodec[AnyEvent] = EventCodec(AnyEvent)
KNOWN = names_of(*get_args(AnyEvent))


def read_history(body: bytes) -> Effect[AnyEvent]:
    """Read the entry with its events as types. Events that no class is for are left out: a newer version may write some.

    Raises msgspec.DecodeError for what no entry was written as, its ValidationError for a known event with other fields.
    """
    try:
        return EVENTS.read(body)
    except msgspec.ValidationError:
        plain = Effect.decode(body)
        fields = {name: getattr(plain, name) for name in plain.__struct_fields__ if name != "events"}
        return Effect(**fields, events=[_typed(row) for row in plain.events if type_of(row) in KNOWN])


def _typed(row: dict[str, Any]) -> AnyEvent:
    found: AnyEvent = msgspec.convert(row, AnyEvent)
    return found
