"""Answer decisions before Ray Serve's replica sees them: what it does around a request a decision does not need.

Of every request that reaches a replica Ray makes a description of its own, three context managers, a middleware for the request's
id, figures and a line of log. A decision needs none of it: it has its own id, figures and limits. Ray puts ``middlewares``, which
RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH names, in front of its own application in each process that listens. Where that is no
replica of the gateway everything goes Ray's way; and, with a warning, where Ray's count of requests is not where we know it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ray.serve._private.common import RequestMetadata, RequestProtocol
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from serve_app.http.telemetry import json_log

log = json_log()

PREFIX, ROUTE = "/v1/tasks/", "/decisions"
"""Of the paths that are answered here, with POST."""

MOST_AT_ONCE = 4096
"""Decisions in hand here; more of them go Ray's way, which holds as many again before it refuses with 503. One proxy has no more
connections than this."""

DECISION = RequestMetadata("", "", _request_protocol=RequestProtocol.HTTP, is_direct_ingress=True)
"""What Ray counts by."""

_deciding: ASGIApp | None = None


class Ongoing(NamedTuple):
    """Ray's count of the requests that a replica has in hand, which it drains, and starts and stops replicas by."""

    begin: Callable[[RequestMetadata], None]
    end: Callable[[RequestMetadata], None]


def decide_ahead(app: ASGIApp) -> None:
    """From now on servers that are started in this process ask ``app`` for decisions. It puts the request's id on its answers."""
    global _deciding  # Ray makes the server, and hands nothing of ours to it
    _deciding = app


def middlewares() -> list[Middleware]:
    """Return what Ray puts in front of its application."""
    return [Middleware(in_front_of)]


def in_front_of(serve: ASGIApp) -> ASGIApp:
    """Return ``serve`` with the decisions taken out of it, where this process decides."""
    if _deciding is None:
        return serve
    ongoing = ongoing_of(serve)
    if ongoing is None:
        log.warning("decisions go through Ray's replica, slower", why="its count is not there, or our code has a loop of its own")
        return serve
    return DecisionsAhead(_deciding, serve, ongoing)


def ongoing_of(serve: Any) -> Ongoing | None:
    """Return the count of the replica whose application is ``serve``, behind Ray's own middleware; None for any other, and where
    the replica runs our code on another event loop."""
    replica = getattr(getattr(serve, "_app", None), "__self__", None)
    user_code, count = getattr(replica, "_user_callable_wrapper", None), getattr(replica, "_metrics_manager", None)
    if getattr(user_code, "_run_user_code_in_separate_thread", True):
        return None
    begin, end = (getattr(count, f"{name}_num_ongoing_requests", None) for name in ("inc", "dec"))
    return None if begin is None or end is None else Ongoing(begin, end)


class DecisionsAhead:
    """An ASGI application: ``decide`` answers decisions, ``serve`` all else."""

    def __init__(self, decide: ASGIApp, serve: ASGIApp, ongoing: Ongoing) -> None:
        self._decide, self._serve, self._ongoing = decide, serve, ongoing
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_decision(scope) or self._in_hand >= MOST_AT_ONCE:
            await self._serve(scope, receive, send)
            return
        self._ongoing.begin(DECISION)
        self._in_hand += 1
        try:
            await self._decide(scope, receive, send)
        finally:
            self._ongoing.end(DECISION)
            self._in_hand -= 1


def _is_decision(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path.startswith(PREFIX) and path.endswith(ROUTE)
