"""The review application: every route except the decision route, for people, trainers and operators."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Lifespan

from hitl import __version__
from hitl.errors import HitlError, InvalidInput, InvalidRequest, MethodNotAllowed, NotFound
from hitl.tasks.book import TaskBook
from serve_app.api.described import ANY_REFUSAL, DescribedApp, operation_id
from serve_app.api.live.changes import AlertPosition, ChangeFeed
from serve_app.api.live.feed import Feed
from serve_app.api.routes import (
    accounts,
    alerts,
    approval_seals,
    approvals,
    artifacts,
    audit,
    case_search,
    cases,
    chat,
    checks,
    curves,
    decisions,
    examples,
    figures,
    grants,
    health,
    hitl_wire,
    holds,
    human_layer,
    human_loops,
    inbox,
    interactions,
    journal,
    keys,
    label_studio,
    learning,
    leases,
    metrics,
    models,
    oidc,
    outbox,
    pictures,
    policies,
    preferences,
    quality,
    queue_events,
    queues,
    review_records,
    reviews,
    sessions,
    shadow,
    tracking,
    vote_links,
    workflows,
)
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.console import pages
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.asgi import AnswersHead, Edge, head
from serve_app.http.docs_page import docs_page
from serve_app.http.documents import document
from serve_app.http.errors import answer_for
from serve_app.http.expected import expected_in_words, place_in_words
from serve_app.http.problems import problem
from serve_app.http.telemetry import json_log
from serve_app.http.traced_app import TracesRequests
from serve_app.setup.definitions import FOLLOW_EVERY_S

log = json_log()

ROUTERS = (
    learning,
    health,
    accounts,
    keys,
    grants,
    sessions,
    oidc,
    cases,
    case_search,
    decisions,
    queue_events,
    queues,
    leases,
    reviews,
    review_records,
    pictures,
    approvals,
    artifacts,
    approval_seals,
    checks,
    interactions,
    workflows,
    hitl_wire,
    holds,
    human_layer,
    human_loops,
    label_studio,
    vote_links,
    chat,
    models,
    examples,
    journal,
    metrics,
    tracking,
    outbox,
    policies,
    preferences,
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


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _alert_position(ports: ApiPorts) -> AlertPosition | None:
    """A number that differs whenever the standing alerts do; None where the records are not served."""
    if ports.stored is None:
        return None

    async def position() -> int:
        standing = await ports.records.alerts.standing()
        return sum(alert.seq for _, alert in standing.items()) * 1_000 + len(standing)

    return position


def review_app(ports: ApiPorts) -> FastAPI:
    """Return the ASGI application over ``ports``."""

    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(follow_definitions(ports))
        yield
        following.cancel()
        await app.state.feed.close()
        await app.state.changes.close()
        ports.tracking.close()
        await ports.close()

    app = described_app(closing)
    app.state.ports, app.state.feed = ports, Feed(ports.shards, ports.live_connections)
    app.state.changes = ChangeFeed(ports.shards, ports.partitions, _alert_position(ports))
    app.state.evidence = TaskEvidence(
        ports.tasks, ports.shards, ports.intakes, ports.vault.shown_of, ports.projections, ports.definitions
    )
    app.include_router(pages.router)
    app.add_route("/api/docs/", _docs, include_in_schema=False)
    app.add_exception_handler(HitlError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_input)
    app.add_exception_handler(HTTPException, _refuse_route)
    app.add_exception_handler(Exception, _refuse)
    app.add_middleware(AnswersHead)
    if ports.tracer is not None:
        app.add_middleware(TracesRequests, tracer=ports.tracer)
    app.add_middleware(Edge)
    return app


def described_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Return the application's routes without anything behind them: enough for its OpenAPI document."""
    app = DescribedApp(
        title="ray-hitl",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=operation_id,
        responses=ANY_REFUSAL,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for part in ROUTERS:
        app.include_router(part.router)
    return app


async def follow_definitions(ports: ApiPorts) -> None:
    """Take up definitions that come into force, until cancelled."""
    book, reader = ports.tasks, ports.definitions
    while isinstance(book, TaskBook) and reader is not None:
        try:
            await reader.refresh(book)
        except HitlError as error:
            log.warning("definitions not read", why=str(error))
        await asyncio.sleep(FOLLOW_EVERY_S)


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
    """Only the place and the rule of the first mistake, never what came; an unknown field is named if its name is a plain one."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where, *inside = place_in_words(first["loc"])
    if where == "body":
        return await _refuse(request, InvalidInput("".join(f"/{part}" for part in inside), expected_in_words(first)))
    return await _refuse(request, InvalidRequest(f"{where} {'.'.join(inside)}", expected_in_words(first)))


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return await _refuse(request, MethodNotAllowed(", ".join(_allowed(request))))
    return await _refuse(request, NotFound("route", request.url.path))


def _allowed(request: Request) -> list[str]:
    """Return the methods of every route with this path, not of the first alone."""
    found = [method for method in METHODS if _takes(request, method)]
    return found if "GET" not in found else [*found, "HEAD"]


def _takes(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
