"""Middleware of the review application where tracing is on: each request is a span, and the routes see it in the head."""

from dataclasses import replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hitl.tracing import Tracer
from serve_app.http.asgi import head
from serve_app.http.server_spans import ServerSpan, server_span


class TracesRequests:
    """Inside Edge, which reads the head."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        found = head(scope)
        with server_span(self._tracer, found) as span:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_route(scope, span, message)
                await send(message)

            scope["state"]["head"] = replace(found, trace=span.context)
            await self._app(scope, receive, send_noted)


def _note_route(scope: Scope, span: ServerSpan, message: Message) -> None:
    span.answered(message["status"])
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        span.name_route(route)
