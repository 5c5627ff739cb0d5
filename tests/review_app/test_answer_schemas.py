"""The OpenAPI document names the view that each route of the reviews answers with, and the routes answer in its form."""

from typing import Any

import pytest

from tests.review_app.conftest import World

ROUTES = {
    "GET /v1/queues": ["QueueDepths"],
    "GET /v1/queues/{queue}": ["CallersQueue"],
    "GET /v1/queues/{queue}/reviews": ["WaitingPage"],
    "GET /v1/queues/{queue}/forecast": ["QueueForecast"],
    "POST /v1/queues/{queue}/claim": ["ReviewsAtHand"],
    "GET /v1/reviews/{review_id}": ["ShownReview"],
    "POST /v1/reviews/{review_id}/heartbeat": ["KeptLease"],
    "POST /v1/reviews/{review_id}/decision": ["DecidedReview", "HandedOnReview"],
    "POST /v1/reviews/{review_id}/release": ["ReturnedReview"],
    "POST /v1/reviews/{review_id}/escalate": ["ReturnedReview"],
    "POST /v1/reviews/{review_id}/skip": ["ReturnedReview"],
    "GET /v1/reviews/{review_id}/people": ["MentionablePeople"],
    "POST /v1/reviews/{review_id}/delegate": ["ReturnedReview"],
    "POST /v1/reviews/{review_id}/send-back": ["ReturnedReview"],
    "POST /v1/reviews/{review_id}/draft": ["SavedDraft"],
    "POST /v1/reviews/{review_id}/failure": ["FailedReview"],
    "POST /v1/reviews/{review_id}/undo": ["UndoneDecision"],
    "POST /v1/reviews/{review_id}/amend": ["AmendedDecision"],
    "POST /v1/reviews/{review_id}/reopen": ["ReopenedReview"],
    "POST /v1/reviews/{review_id}/assign": ["AssignedReview"],
    "POST /v1/reviews/{review_id}/requeue": ["RequeuedReview"],
    "GET /v1/decisions/{case_id}": ["CaseDecision", "BlindCase"],
    "GET /v1/tasks": ["TaskList"],
    "GET /v1/tasks/{task}": ["TaskView"],
    "GET /v1/tasks/{task}/definition": ["DefinitionInForce"],
    "PUT /v1/tasks/{task}/definition": ["DefinitionProposal"],
    "DELETE /v1/tasks/{task}/definition": ["DefinitionProposal"],
    "PUT /v1/tasks/{task}/blobs": ["TakenFile"],
    "POST /v1/tasks/{task}/decisions": ["FirstAnswer"],
    "POST /v1/tasks/{task}/decisions:batch": ["RowAnswers"],
    "GET /v1/examples": ["TrainingExamples"],
    "GET /v1/leases": ["HeldAtHand"],
}
NO_VIEWS = {"GET /v1/queues/{queue}/events", "GET /v1/reviews/{review_id}/image", "GET /v1/reviews/{review_id}/sound"}
"""A stream, a picture and a recording."""

TAGS = {"queues", "reviews", "decisions", "examples"}


def views_of(operation: dict[str, Any]) -> list[str]:
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return [each.get("$ref", "").rpartition("/")[2] for each in schema.get("anyOf", [schema])]


async def test_every_route_of_the_reviews_names_its_view(world: World) -> None:
    paths = (await world.call("GET", "/openapi.json")).json()["paths"]
    operations = {f"{method.upper()} {path}": each for path, methods in paths.items() for method, each in methods.items()}
    mine = {name: views_of(each) for name, each in operations.items() if TAGS & set(each["tags"]) and name not in NO_VIEWS}
    assert mine == ROUTES


async def test_a_review_is_described_field_by_field(world: World) -> None:
    schemas = (await world.call("GET", "/openapi.json")).json()["components"]["schemas"]
    assert schemas["ReviewView"]["properties"]["status"]["enum"] == [
        "waiting",
        "leased",
        "provisional",
        "decided",
        "quarantined",
        "withdrawn",
    ]
    assert {"case_id", "lease", "outcome", "history"} <= set(schemas["ReviewView"]["required"])


@pytest.mark.filterwarnings("error::UserWarning")
async def test_answers_have_the_types_that_their_views_declare(world: World) -> None:
    """The serializer warns of a value of another type than its field's."""
    await world.case("a")
    review = await world.claim()
    said = await world.decide(review)
    assert said.status_code == 200
    for path in ("queues", "queues/digits", "queues/digits/reviews", f"reviews/{review['review_id']}"):
        assert (await world.call("GET", f"/v1/{path}", "expert")).status_code == 200
    for who in ("client", "operator"):
        assert (await world.call("GET", f"/v1/decisions/{review['case_id']}", who)).json()["outcome"]["label"]
