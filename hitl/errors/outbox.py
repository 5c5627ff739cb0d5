"""Errors of sending messages."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class DeliveryFailed(Unavailable):
    """The channel did not take the message; it is tried again later."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"not delivered: {self.why}"


class Undeliverable(HitlError):
    """The channel will never take this message."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"undeliverable: {self.why}"


class ForbiddenDestination(Undeliverable):
    """The address is one that messages must not reach."""
