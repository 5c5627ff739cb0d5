"""Who may what, route by route: role × task × queue × owner, over every route and the things of the application.

``tests/identity/authorisation.yaml`` states what each role gets, ``tests/identity/bounds.yaml`` what bounds and ownership change.
A new route needs a line in both. ``python -m tests.identity.matrix`` writes what the service answers now: look before you keep.
"""

import asyncio
from functools import cache
from typing import Any

import pytest
import yaml

from tests.identity.matrix import AS_UNBOUNDED, AUTHORISATION, BOUNDS, all_routes, bounded, document, matrix, stated

STATED: dict[str, str] = yaml.safe_load(AUTHORISATION.read_text())
STATED_BOUNDS: dict[str, dict[str, str]] = yaml.safe_load(BOUNDS.read_text())
ROUTES = [f"{method} {path}" for method, path, _ in all_routes(asyncio.run(document()))]

OF_NO_OBJECT = {
    "GET /v1/permissions",
    *(
        "GET /hitl/pending/{user_id}",
        "GET /v1/inbox",
        "GET /v1/me/preferences",
        "PUT /v1/me/preferences",
        "POST /v1/inbox/read",
        "GET /v1/session",
        "GET /v1/sessions",
        "POST /v1/tickets",
    ),
    *("POST /v1/checks/code", "POST /v1/checks/content", "GET /v1/workflows/templates", "POST /v1/approvals/absences"),
    *("GET /v1/accounts", "PUT /v1/accounts/{account}", "GET /v1/accounts/{account}/keys", "POST /v1/accounts/{account}/keys"),
    *("GET /v1/audit/verify", "GET /v1/journal"),
}
"""A caller's own, and what says nothing of any task: heads of chains, templates, accounts."""

FILTERED = {
    "GET /v1/leases",
    *(
        "GET /v1/approvals",
        "GET /v1/approvals/metrics",
        "GET /v1/audit",
        "GET /v1/audit/report",
        "GET /v1/cases",
        "GET /v1/holds",
        "GET /v1/models",
        "GET /v1/overrides",
    ),
    *(
        "GET /v1/interactions",
        "GET /v1/interactions/events",
        "GET /v1/interactions/pending",
        "GET /v1/workflows",
        "GET /v1/triggers",
    ),
    *("GET /v1/metrics", "GET /v1/metrics/figures", "GET /v1/metrics/prometheus", "GET /v1/metrics/system", "GET /v1/targets"),
    *("GET /v1/queues", "GET /v1/grants"),
}
"""Lists and sums, of what the caller may see."""

CREATING = {
    *("POST /v1/approvals", "POST /v1/interactions", "POST /v1/workflows", "POST /v1/workflows/cases"),
    *("POST /humanlayer/v1/function_calls", "POST /humanlayer/v1/contact_requests"),
}
"""What they make is the caller's own; of a task that they name, if they may know of it."""

SIGNED = " /a2i/"
"""No key that is sent opens these: requests are signed, and tests/clients/test_human_loops.py says who may what."""


BY_LINK = " /v1/votes/"
"""Only who has a signed link: others find nothing there, and tests/security/test_votes_from_outside.py attacks it."""

BY_CHAT = " /v1/chat/"
"""Only Slack and Teams, by their signatures; the same tests."""


@cache
def found() -> dict[str, Any]:
    return asyncio.run(matrix())


@pytest.mark.covers("000-76")
def test_every_route_has_its_lines_and_every_line_its_route() -> None:
    assert sorted(STATED) == sorted(ROUTES), "state in tests/identity/authorisation.yaml who may use it"
    assert sorted(STATED_BOUNDS) == sorted(ROUTES), "state in tests/identity/bounds.yaml what bounds change"


@pytest.mark.covers("000-76")
@pytest.mark.parametrize("route", ROUTES)
def test_each_role_gets_the_answer_that_is_stated(route: str) -> None:
    assert stated(found()[route][""]) == STATED.get(route)


@pytest.mark.parametrize("route", ROUTES)
def test_bounds_and_ownership_change_what_is_stated(route: str) -> None:
    assert bounded(found()[route]) == STATED_BOUNDS.get(route)


@pytest.mark.parametrize("route", ROUTES)
def test_who_is_bounded_elsewhere_reaches_nothing_of_this_task(route: str) -> None:
    """The stated lines themselves are checked: what a bound leaves open is listed above, with its reason."""
    column = found()[route]["of another task"]
    may = {who for who, status in column.items() if status not in (401, 403, 404)}
    named = {"reviewer"} if "interaction_id" in route else set()  # who is asked by name
    assert may <= named or route in OF_NO_OBJECT | FILTERED | CREATING


@pytest.mark.parametrize("route", [route for route in ROUTES if "/reviews/{review_id}" in route or "/queues/{queue}" in route])
def test_who_is_bounded_to_another_queue_reaches_no_review_of_this_one(route: str) -> None:
    assert set(found()[route]["of another queue"].values()) <= {403, 404}


def test_bounds_give_nobody_more() -> None:
    more = [
        (route, variant, who)
        for route, row in found().items()
        for variant, column in row.items()
        if variant not in ("", "owner")
        for who, status in column.items()
        if status not in (401, 403, 404) and row[""][who] in (401, 403, 404)
    ]
    assert more == []


def test_nobody_without_a_key_is_let_in_anywhere() -> None:
    let_in = [route for route, line in STATED.items() if "nobody" not in line.partition("401: ")[2].split()]
    assert [route for route in let_in if BY_LINK not in route] == []


def test_no_key_opens_what_is_opened_by_a_signature() -> None:
    opened = [route for route in STATED if "may: " in STATED[route] and any(each in route for each in (BY_LINK, BY_CHAT))]
    assert opened == []


def test_most_lines_say_something() -> None:
    """A thing that could not be made would turn its routes' lines into 404 for everybody."""
    dead = [
        route
        for route, line in STATED.items()
        if "may: " not in line
        and STATED_BOUNDS[route]["owner"] in (AS_UNBOUNDED, "nobody")
        and not any(each in route for each in (SIGNED, BY_LINK, BY_CHAT))
    ]
    assert len(dead) <= 16, dead
