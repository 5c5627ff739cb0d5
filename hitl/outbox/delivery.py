"""One message to one channel, from its creation to its end, and the effect of each attempt."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from hitl.outbox.backoff import delay_s
from hitl.trace_context import TraceContext, read_trace_context

MAX_ATTEMPTS = 20
"""Over about a day with the waits of backoff.py; then a person decides."""

GIVE_WAY_AFTER = 3
"""Failed attempts after which the channel's fallback is told as well: somebody must know, the channel may come back."""


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """``id`` is the same in every attempt, so that a receiver can tell a repetition. ``body`` is what is sent as JSON;
    ``title`` its line for people. ``is_permanent`` of an error means that no further try can help. ``traceparent`` and
    ``tracestate`` are the trace that it is sent in; empty, and then not stored, without one."""

    id: str
    channel: str
    kind: str
    title: str
    body: dict[str, Any]
    created_at: float
    severity: str = "info"
    fallback: str | None = None
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    replays: int = 0
    next_at: float = 0.0
    last_error: str | None = None
    ended_at: float | None = None
    traceparent: str = ""
    tracestate: str = ""

    @property
    def trace(self) -> TraceContext | None:
        """The trace that it is sent in."""
        return read_trace_context(self.traceparent, self.tracestate) if self.traceparent else None

    def plain(self) -> dict[str, Any]:
        fields = {**asdict(self), "status": self.status.value}
        return {name: value for name, value in fields.items() if value or name not in ("traceparent", "tracestate")}

    @staticmethod
    def from_plain(fields: dict[str, Any]) -> "Delivery":
        return Delivery(**{**fields, "status": DeliveryStatus(fields["status"])})


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one attempt; ``error`` None: the channel took it."""

    at: float
    seconds: float
    error: str | None = None
    is_permanent: bool = False


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """An attempt in the log: the ``attempt``-th of the delivery ``id``, at ``at`` (UTC seconds), which took ``seconds``;
    ``status`` is the delivery's afterwards, ``error`` None where the channel took it."""

    id: str
    channel: str
    at: float
    seconds: float
    attempt: int
    status: DeliveryStatus
    error: str | None


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The delivery after an attempt, and what else is due because of it."""

    delivery: Delivery
    also: list[Delivery] = field(default_factory=list)


def settle(delivery: Delivery, attempt: Attempt, uniform: Callable[[], float]) -> AttemptResult:
    """Apply ``attempt`` to ``delivery``; ``uniform`` draws from [0, 1)."""
    count = delivery.attempts + 1
    if attempt.error is None:
        done = replace(delivery, status=DeliveryStatus.DELIVERED, attempts=count, last_error=None, ended_at=attempt.at)
        return AttemptResult(done)
    failed = replace(delivery, attempts=count, last_error=attempt.error)
    if attempt.is_permanent or count >= MAX_ATTEMPTS:
        failed = replace(failed, status=DeliveryStatus.DEAD, ended_at=attempt.at)
    else:
        failed = replace(failed, next_at=attempt.at + delay_s(count, uniform))
    return AttemptResult(failed, _for_the_fallback(failed, attempt))


def traced(delivery: Delivery, trace: TraceContext | None) -> Delivery:
    """Return the delivery as it is sent in ``trace``."""
    return delivery if trace is None else replace(delivery, traceparent=trace.traceparent, tracestate=trace.tracestate)


def again(delivery: Delivery, at: float) -> Delivery:
    """Return the delivery once more from its first attempt, under the same id."""
    return replace(
        delivery,
        status=DeliveryStatus.WAITING,
        attempts=0,
        replays=delivery.replays + 1,
        next_at=at,
        last_error=None,
        ended_at=None,
    )


def _for_the_fallback(failed: Delivery, attempt: Attempt) -> list[Delivery]:
    """Exactly once a delivery: at the attempt that gives way, or when it dies before that."""
    gives_way = failed.attempts == GIVE_WAY_AFTER or (failed.status is DeliveryStatus.DEAD and failed.attempts < GIVE_WAY_AFTER)
    if failed.fallback is None or failed.replays or not gives_way:
        return []
    told = {**failed.body, "instead_of": failed.channel}
    other = Delivery(
        id=f"{failed.id}-{failed.fallback}",
        channel=failed.fallback,
        kind=failed.kind,
        title=failed.title,
        body=told,
        created_at=failed.created_at,
        severity=failed.severity,
        next_at=attempt.at,
        traceparent=failed.traceparent,
        tracestate=failed.tracestate,
    )
    return [other]
