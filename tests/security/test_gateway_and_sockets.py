"""Who may what on the routes of the gateway, and on sockets.

``tests/identity/gateway_and_sockets.yaml`` states the answers; a route or a socket without its lines fails.
"""

import asyncio
from functools import cache

import pytest
import yaml
from fastapi.routing import APIRoute
from starlette.routing import Route

from serve_app.decisions.app import ROUTES
from tests.gateway.service import FIRST, Service
from tests.identity.gateway_and_sockets import OPEN_TO_ALL, STATED, included, lines, rows, sockets
from tests.identity.matrix import ROLES, application, document

KNOWN: dict[str, dict[str, str]] = yaml.safe_load(STATED.read_text())
ASKED = [*(f"{method} {route}" for route, methods in ROUTES.items() for method in methods), *(f"WS {path}" for path in sockets())]


@cache
def found() -> dict[str, dict[str, dict[str, int]]]:
    return asyncio.run(rows())


def test_every_route_has_its_lines_and_every_line_its_route() -> None:
    assert sorted(KNOWN) == sorted(ASKED), "state in tests/identity/gateway_and_sockets.yaml who may use it"


@pytest.mark.parametrize("route", ASKED)
def test_each_role_gets_the_answer_that_is_stated(route: str) -> None:
    assert lines(found()[route]) == KNOWN.get(route)


def test_nobody_without_a_key_is_let_in() -> None:
    assert {row.get("unbounded", row.get("own", {}))["nobody"] for row in map(unnamed, found().values())} <= {401, 403}


def unnamed(row: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {name or "unbounded": column for name, column in row.items()}


@pytest.mark.parametrize("route", [route for route in ASKED if "{task}" in route])
def test_who_is_bounded_to_another_task_does_not_learn_of_this_one(route: str) -> None:
    assert set(found()[route]["of another task"].values()) == {404}


@pytest.mark.parametrize("route", [route for route in ASKED if "{user_id}" in route])
def test_nobody_listens_under_anothers_name(route: str) -> None:
    assert found()[route]["another's"] == dict.fromkeys(ROLES, 403)


def test_what_stands_in_no_document_is_stated() -> None:
    """A route that is left out of the document would be in neither matrix."""
    documented = set(asyncio.run(document())["paths"])
    beside = {route.path for route in included(application().routes) if isinstance(route, APIRoute | Route)} - documented
    assert beside == set(OPEN_TO_ALL)


@pytest.mark.parametrize(
    "path", ["/v1/tasks/", "/v1/tasks//decisions", "/v1/tasks/loans/", "/v1/tasks/%2e%2e/tasks", "/v1/tasks/loans/x"]
)
async def test_a_path_that_is_no_route_of_the_gateway_reaches_nothing(path: str) -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    answer = await service.http.post(path, json={"features": [0.2, 0.5, 0.3]}, headers={"authorization": f"Bearer {service.key}"})
    assert answer.status_code in (404, 405)
    assert service.stored() == []
    await service.http.aclose()
