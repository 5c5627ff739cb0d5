"""Ports of the outbox, and the one method with which other parts send a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hitl.outbox.delivery import Attempt, AttemptResult, Delivery


class Outbox(Protocol):
    """The way out for what has no journal event: budget alerts, assessments. Events need it not: the rules see them."""

    async def put(self, message_id: str, kind: str, payload: Mapping[str, object]) -> bool:
        """Take over ``payload`` (JSON) durably; the rules say which channels get ``kind``. False when ``message_id`` was put
        before: then nothing happens. Raises StoreUnavailable, or Overloaded while too many wait."""


class Sender(Protocol):
    """One channel's way out."""

    async def send(self, delivery: Delivery) -> None:
        """Hand the delivery over; returns when the receiver has taken it. A receiver may get one id again.

        Raises Undeliverable when no further try can help, DeliveryFailed when one may."""


@dataclass(frozen=True, slots=True)
class Put:
    """Something that was put, at position ``seq`` of the puts."""

    seq: int
    message_id: str
    kind: str
    at: float
    payload: dict[str, Any]


class Store(Protocol):
    """A store of deliveries until they are done. Every method is atomic and raises StoreUnavailable."""

    async def cursor(self, source: str) -> tuple[int, str]:
        """Return the last entry of ``source`` that was looked at, and its hash; 0 and GENESIS before the first."""

    async def enqueue(self, source: str, expected_seq: int, cursor: tuple[int, str], deliveries: Sequence[Delivery]) -> bool:
        """Make all ``deliveries`` due and move the cursor, in one step. False, and nothing done, when the cursor does not
        stand at ``expected_seq``. A delivery whose id is known is left as it is. Raises Overloaded when too many wait."""

    async def take_due(self, now: float, limit: int, hold_s: float) -> list[Delivery]:
        """Up to ``limit`` deliveries whose time has come; nobody else gets them for ``hold_s``."""

    async def settled(self, settled: AttemptResult, attempt: Attempt) -> None:
        """Write what became of an attempt, and its line in the log."""
