"""FastAPI routes for callers without a key of ours: who follows a signed link, and chats that sign what they send."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from hitl.errors import HitlError, RequestTimeout
from hitl.html.render import render_page
from serve_app.api.services.context import ports_of
from serve_app.api.services.outside_votes import chat_of
from serve_app.api.services.strict_route import BODY_TIMEOUT_S, CLIENT_CLOSED_REQUEST
from serve_app.http.asgi import check_request, head
from serve_app.http.documents import document
from serve_app.http.parse import ClientGone, read_body
from serve_app.http.problems import problem

MOST_BYTES = 64 * 1024
"""Slack sends the whole message with each press."""

WITH_FORM = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OutsideRoute(APIRoute):
    """Reads the raw body, which a signature is over, into ``request.state.raw``, and lets the framework parse nothing."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            check_request(request.scope)
            chat_of(ports_of(request))
            try:
                request.state.raw = await _read(request)
            except ClientGone:
                return Response(status_code=CLIENT_CLOSED_REQUEST)
            return await handle(request)

        return bounded


class PageRoute(OutsideRoute):
    """Says refusals on a page: a person reads them."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except HitlError as error:
                return refusal_page(request, error)

        return shown


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page whose form may be sent to this service alone."""
    answer = document(render_page("serve_app.api", template, **values), WITH_FORM)
    answer.status_code = status
    return answer


def refusal_page(request: Request, error: HitlError) -> HTMLResponse:
    found = problem(error, head(request.scope).request_id, ports_of(request).wall())
    told = json.loads(found.body)
    answer = page("vote_told.html", found.status, title=told["title"], text=told["detail"])
    if "retry-after" in found.headers:
        answer.headers["retry-after"] = found.headers["retry-after"]
    return answer


def words_of(error: HitlError, request: Request) -> str:
    """Return the refusal as a chat shows it."""
    told = json.loads(problem(error, head(request.scope).request_id, ports_of(request).wall()).body)
    return f"{told['title']}: {told['detail']}"


async def _read(request: Request) -> bytes:
    if request.method != "POST":
        return b""
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            return await read_body(request.receive, MOST_BYTES)
    except TimeoutError as error:
        raise RequestTimeout(BODY_TIMEOUT_S) from error
