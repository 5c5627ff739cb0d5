"""The port by which a remote model is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hitl.errors import HitlError


class EndpointFailed(HitlError):
    """An endpoint gave no usable answer: it is away, late, refuses, says too much, or its budget is spent."""

    def __init__(self, endpoint: str, why: str) -> None:
        super().__init__(endpoint, why)
        self.endpoint, self.why = endpoint, why

    def __str__(self) -> str:
        return f"endpoint {self.endpoint}: {self.why}"


@dataclass(frozen=True, slots=True)
class EndpointCall:
    """One POST: ``path`` is put behind the endpoint's URL, ``body`` is JSON."""

    path: str
    body: bytes


class Endpoint(Protocol):
    """One endpoint of the operator's file. Safe to call from several threads; blocks."""

    @property
    def at_once(self) -> int:
        """Calls that may run at the same time."""

    @property
    def within_s(self) -> float:
        """Seconds in which one micro-batch must be answered; what is late then has no prediction."""

    @property
    def canary_s(self) -> float:
        """Seconds between two rounds of a card's canaries."""

    def call(self, call: EndpointCall, until: float) -> bytes:
        """Return the body of the answer, which came before ``until`` (time.monotonic's clock). Raises EndpointFailed."""

    def charge(self, tokens: int) -> None:
        """Count ``tokens`` of an answer against the budget."""


Endpoints = Mapping[str, Endpoint]
"""By the name that cards say."""
