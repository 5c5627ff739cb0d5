"""Ports of tracking: a sink for traces, and a sink for alerts."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hitl.tracking.record import Trace


class Sink(Protocol):
    """A sink for traces. Called by one thread at a time."""

    def export(self, traces: Sequence[Trace], *, is_repeat: bool) -> None:
        """Store all of them, in order. ``is_repeat``: some may be stored already; storing again changes nothing.

        Raises SinkAway when it may work later (nothing, some or all may be stored), SinkRefused when it never will.
        """
        ...


class AlertSink(Protocol):
    """A sink for alerts: at least once, told apart by ``message_id``."""

    def put(self, message_id: str, kind: str, payload: Mapping[str, object]) -> object:
        """Take over the delivery of ``payload``; putting one ``message_id`` twice delivers once. Must not block for long."""
        ...
