"""What a person holds, and what the service lets them do."""

from dataclasses import replace

from hitl.identity import Principal, Role
from serve_app.api.services.permissions import permissions_of
from tests.review_app.conftest import PEOPLE, World


async def test_a_person_finds_what_they_hold_with_its_input_and_form(world: World) -> None:
    case_id = await world.case("a")
    await world.call("POST", "/v1/queues/digits/claim", "reviewer", {}, idempotency_key="1")
    [held] = (await world.call("GET", "/v1/leases", "reviewer")).json()["reviews"]
    assert (held["case_id"], held["form"]["title"], len(held["payload"]["features"])) == (case_id, "Handwritten digits", 64)


async def test_nobody_finds_what_others_hold(world: World) -> None:
    await world.case("a")
    await world.call("POST", "/v1/queues/digits/claim", "reviewer", {}, idempotency_key="1")
    assert (await world.call("GET", "/v1/leases", "reviewer-2")).json()["reviews"] == []


async def test_a_permission_is_named_exactly_to_who_is_not_refused(world: World) -> None:
    """Each name with a route that needs it."""
    routes = {
        "see_queues": "/v1/queues",
        "see_approvals": "/v1/approvals",
        "see_retrainings": "/v1/triggers",
        "see_metrics": "/v1/metrics",
        "see_quality": "/v1/targets",
        "see_reviewers": "/v1/quality/digits/reviewers",
        "see_audit": "/v1/audit",
        "see_alerts": "/v1/alerts",
        "review": "/v1/leases",
        "see_overrides": "/v1/overrides",
        "see_suggestions": "/v1/suggestions/digits",
        "export_examples": "/v1/examples?task=digits",
        "care_for_cases": "/v1/cases/none/reveals",
    }
    for person in PEOPLE:
        may = (await world.call("GET", "/v1/permissions", person)).json()["may"]
        refused = [name for name, path in routes.items() if (await world.call("GET", path, person)).status_code == 403]
        assert sorted(set(routes) - set(may)) == sorted(refused), person


def test_who_is_bounded_to_some_tasks_is_not_shown_the_messages_of_all() -> None:
    operator = Principal("olga", frozenset({Role.OPERATOR}))
    assert "see_outbox" in permissions_of(operator)
    assert "see_outbox" not in permissions_of(replace(operator, tasks=frozenset({"digits"})))
