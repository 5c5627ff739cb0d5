"""Errors of tracking."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class SinkAway(Unavailable):
    """The trace sink does not answer: traces wait on disk."""

    def __init__(self, uri: str, why: str) -> None:
        super().__init__(uri, why)
        self.uri, self.why = uri, why

    def __str__(self) -> str:
        return f"{self.uri} is away: {self.why}"


class SinkRefused(HitlError):
    """The trace sink answers, and will never take these traces."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"a trace was refused: {self.why}"
