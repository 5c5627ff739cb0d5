"""Errors of tracking."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class SinkAway(Unavailable):
    """The trace sink does not answer: traces wait on disk."""

    message = "{uri} is away: {why}"
    uri: str
    why: str


class SinkRefused(HitlError):
    """The trace sink answers, and will never take these traces."""

    message = "a trace was refused: {why}"
    why: str
