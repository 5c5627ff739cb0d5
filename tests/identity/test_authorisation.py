"""Who may what, route by route: tests/identity/authorisation.yaml states it, and the service must answer so.

A new route needs a line there. ``python -m tests.identity.matrix`` prints what the service answers now: look before you copy.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.identity.matrix import answers, document, routes, stated

STATED: dict[str, str] = yaml.safe_load(Path("tests/identity/authorisation.yaml").read_text())
DOCUMENT = asyncio.run(document())
ROUTES = {f"{method} {path}": (method, path, operation) for method, path, operation in routes(DOCUMENT)}


@pytest.mark.covers("000-76")
def test_every_route_has_its_line_and_every_line_its_route() -> None:
    assert sorted(STATED) == sorted(ROUTES), "state in tests/identity/authorisation.yaml who may use it"


@pytest.mark.covers("000-76")
@pytest.mark.parametrize("route", ROUTES)
async def test_each_role_gets_the_answer_that_is_stated(route: str) -> None:
    method, path, operation = ROUTES[route]
    found: dict[str, Any] = await answers(method, path, operation, DOCUMENT)
    assert stated(found) == STATED.get(route)


def test_nobody_without_a_key_is_let_in_anywhere() -> None:
    assert [route for route, line in STATED.items() if "401: nobody" not in line] == []
