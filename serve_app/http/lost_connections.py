"""Let go of a connection as soon as it is lost.

uvicorn ends the timer of a connection that rests between two requests when the connection is closed, but not when it is reset,
as HAProxy resets those that it has too many of. Until the timer rings, 90 s later, it holds the connection with its last
request: under a flood some twelve kilobytes a request.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_lost = HttpToolsProtocol.connection_lost


def end_timers_of_lost_connections() -> None:
    """From now on connections of this process that are reset are held by nothing. Harmless to repeat."""
    HttpToolsProtocol.connection_lost = _connection_lost  # type: ignore[method-assign]


def _connection_lost(self: HttpToolsProtocol, exc: Exception | None) -> None:
    _lost(self, exc)
    self._unset_keepalive_if_required()
