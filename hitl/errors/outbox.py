"""Errors of sending messages."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class DeliveryFailed(Unavailable):
    """The channel did not take the message; it is tried again later."""

    message = "not delivered: {why}"
    why: str


class Undeliverable(HitlError):
    """The channel will never take this message."""

    message = "undeliverable: {why}"
    why: str


class ForbiddenDestination(Undeliverable):
    """The address is one that messages must not reach."""
