"""What stands between a tracked call and its record."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class SinkAway(Unavailable):
    """What receives the traces does not answer: they wait on disk."""

    message = "{uri} is away: {why}"
    uri: str
    why: str


class SinkRefused(HitlError):
    """What receives the traces answers and will never take these."""

    message = "a trace was refused: {why}"
    why: str
