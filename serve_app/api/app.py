"""The review application: every route except the decision route, for people, trainers and operators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Lifespan

from hitl import __version__
from hitl.errors import HitlError, InvalidInput, InvalidRequest, MethodNotAllowed, NotFound
from serve_app.api.live.feed import Feed
from serve_app.api.routes import (
    accounts,
    alerts,
    approval_seals,
    approvals,
    audit,
    cases,
    checks,
    curves,
    decisions,
    examples,
    figures,
    health,
    hitl_wire,
    inbox,
    interactions,
    journal,
    keys,
    learning,
    metrics,
    models,
    oidc,
    outbox,
    policies,
    quality,
    queue_events,
    queues,
    review_records,
    reviews,
    sessions,
    shadow,
    tracking,
    workflows,
)
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.console import pages
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.asgi import Edge, head
from serve_app.http.docs_page import docs_page
from serve_app.http.documents import document
from serve_app.http.errors import answer_for
from serve_app.http.problems import MEDIA_TYPE, PROBLEM_SCHEMA, problem
from serve_app.http.telemetry import json_log

log = json_log()

ROUTERS = (
    learning,
    health,
    accounts,
    keys,
    sessions,
    oidc,
    cases,
    decisions,
    queue_events,
    queues,
    reviews,
    review_records,
    approvals,
    approval_seals,
    checks,
    interactions,
    workflows,
    hitl_wire,
    models,
    examples,
    journal,
    metrics,
    tracking,
    outbox,
    policies,
    inbox,
    alerts,
    figures,
    audit,
    quality,
    curves,
    shadow,
)

DESCRIPTION = """Cases are opened at `POST /v1/tasks/{task}/decisions`, many at a time with `decisions:batch`; here people
answer them, approve models and look.
Send `Authorization: Bearer <key>`, or sign in at `POST /v1/session`; the roles that each route names say who may
use it. Changes take an `Idempotency-Key`: the same request with the same key has one effect and one answer.
Errors are problem documents (RFC 9457)."""


REFUSALS: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem document", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}}
}
"""What every route may answer beside what it says."""


def review_app(ports: ApiPorts) -> FastAPI:
    """The ASGI application over ``ports``."""

    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.feed.close()
        ports.tracking.close()
        await ports.close()

    app = described_app(closing)
    app.state.ports, app.state.feed = ports, Feed(ports.shards)
    app.state.evidence = TaskEvidence(ports.tasks, ports.shards, ports.intakes, ports.vault.shown_of)
    app.include_router(pages.router)
    app.add_route("/api/docs/", _docs, include_in_schema=False)
    app.add_exception_handler(HitlError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_input)
    app.add_exception_handler(HTTPException, _refuse_route)
    app.add_exception_handler(Exception, _refuse)
    app.add_middleware(Edge)
    return app


def described_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The application's routes without anything behind them: enough for its OpenAPI document."""
    app = FastAPI(
        title="ray-hitl",
        version=__version__,
        description=DESCRIPTION,
        responses=REFUSALS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for part in ROUTERS:
        app.include_router(part.router)
    return app


async def _docs(request: Request) -> Response:
    """Open to everybody: what there is to ask is no secret."""
    return document(docs_page(request.app.openapi()))


async def _refuse(request: Request, error: Exception) -> Response:
    """Any error as its problem document; what nobody foresaw is raised again by the framework, into the log."""
    request_id = head(request.scope).request_id
    found = problem(error, request_id, ports_of(request).wall())
    log.info("request refused", request_id=request_id, problem=answer_for(error).slug, status=found.status)
    return Response(found.body, found.status, found.headers)


async def _refuse_input(request: Request, error: Exception) -> Response:
    """Only the place and the kind of the first mistake: never what came, nor an unknown key's name."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where, *inside = first["loc"][: -1 if first["type"] == "extra_forbidden" else None]
    if where == "body":
        return await _refuse(request, InvalidInput("".join(f"/{part}" for part in inside), str(first["type"])))
    return await _refuse(request, InvalidRequest(f"{where} {'.'.join(map(str, inside))}", str(first["type"])))


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return await _refuse(request, MethodNotAllowed((error.headers or {}).get("Allow", "")))
    return await _refuse(request, NotFound("route", request.url.path))
