"""The OpenAPI document names the answer of each route, so that clients and the console can take their types from it."""

import re
from typing import Any

from serve_app.api.schema import openapi_document

NOT_JSON = frozenset(
    {
        "DELETE /v1/session",
        "GET /v1/approvals/{approval_id}/evidence",
        "GET /v1/audit",
        "GET /v1/interactions/events",
        "GET /v1/metrics/prometheus",
        "GET /v1/oidc/callback",
        "GET /v1/oidc/login",
        "GET /v1/queues/{queue}/events",
        "GET /v1/reviews/{review_id}/image",
        "GET /v1/reviews/{review_id}/sound",
        "GET /v1/votes/{token}",
        "POST /v1/chat/slack",
        "POST /v1/votes/{token}",
    }
)
"""Operations that answer with nothing, a redirect, a page, text or a stream."""

JSON = "application/json"
REFERENCE = re.compile(r"#/components/schemas/(\w+)")


def operations() -> dict[str, dict[str, Any]]:
    paths = openapi_document()["paths"]
    return {f"{method.upper()} {path}": found for path, methods in paths.items() for method, found in methods.items()}


def answers_of(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The JSON schemas of the answers to a request that succeeds."""
    succeeded = [response for status, response in operation["responses"].items() if status.startswith("2")]
    return [response["content"][JSON]["schema"] for response in succeeded if JSON in response.get("content", {})]


def is_named(schema: dict[str, Any]) -> bool:
    schema = schema.get("items", schema)
    return "$ref" in schema or ("anyOf" in schema and all(map(is_named, schema["anyOf"])))


def test_every_answer_has_a_name() -> None:
    assert [name for name, operation in operations().items() if not all(map(is_named, answers_of(operation)))] == []


def test_only_the_listed_operations_answer_without_json() -> None:
    assert {name for name, operation in operations().items() if not answers_of(operation)} == NOT_JSON


def views() -> dict[str, dict[str, Any]]:
    """The schemas of all answers, with those that they hold, by name."""
    schemas, found = openapi_document()["components"]["schemas"], dict[str, dict[str, Any]]()
    waiting = [str(answers_of(operation)) for operation in operations().values()]
    while waiting:
        for name in set(REFERENCE.findall(waiting.pop())) - set(found):
            found[name] = schemas[name]
            waiting.append(str(schemas[name]))
    return found


def test_every_view_says_what_it_means() -> None:
    assert [name for name, schema in views().items() if "properties" in schema and not schema.get("description")] == []


def test_no_two_views_share_a_name() -> None:
    """The framework puts the module's path before names that clash."""
    assert [name for name in views() if "__" in name] == []


VERBS = """
amend analyze answer assign begin cancel check claim complete confirm create decide delegate delete describe dry end erase
escalate execute export extend fail finish forecast hold issue list make mark open propose put refuse release reopen replay report
request requeue respond reveal revert revoke roll rotate save send set show sign skip start stop stream suggest switch undo
vote walk
"""


def test_operations_are_named_by_a_verb_and_an_object_once() -> None:
    names = [operation["operationId"] for operation in operations().values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if name.partition("_")[0] not in VERBS.split() or len(name) > 30] == []


UNKEYED = frozenset(
    {
        "DELETE /v1/tasks/{task}/definition",
        "DELETE /a2i/human-loops/{name}",
        "POST /humanlayer/v1/function_calls",
        "POST /humanlayer/v1/agent/function_calls/{call_id}/respond",
        "POST /humanlayer/v1/agent/function_calls/{call_id}/escalate_email",
        "POST /humanlayer/v1/contact_requests",
        "POST /humanlayer/v1/agent/human_contacts/{call_id}/respond",
        "POST /humanlayer/v1/agent/human_contacts/{call_id}/escalate_email",
        "POST /a2i/human-loops",
        "POST /a2i/human-loops/stop",
        "POST /label-studio/{task}/predict",
        "POST /label-studio/{task}/setup",
        "POST /label-studio/{task}/versions",
        "POST /label-studio/{task}/webhook",
        "POST /v1/chat/slack",
        "POST /v1/chat/teams",
        "POST /v1/votes/{token}",
        "DELETE /v1/session",
        "DELETE /v1/sessions/{name}",
        "POST /hitl/respond",
        "POST /v1/checks/code",
        "POST /v1/checks/content",
        "POST /v1/policies/{task}/changes",
        "POST /v1/policies/{task}/dry-run",
        "POST /v1/queues/{queue}/claim",
        "POST /v1/reviews/{review_id}/assign",
        "POST /v1/reviews/{review_id}/delegate",
        "POST /v1/reviews/{review_id}/draft",
        "POST /v1/reviews/{review_id}/escalate",
        "POST /v1/reviews/{review_id}/failure",
        "POST /v1/reviews/{review_id}/heartbeat",
        "POST /v1/reviews/{review_id}/release",
        "POST /v1/reviews/{review_id}/requeue",
        "POST /v1/reviews/{review_id}/send-back",
        "POST /v1/reviews/{review_id}/skip",
        "POST /v1/session",
        "POST /v1/tickets",
        "PUT /v1/artifacts/{digest}",
        "PUT /v1/tasks/{task}/blobs",
        "PUT /v1/tasks/{task}/definition",
    }
)
"""What changes nothing, or by its lease, name, link, annotation or call's id changes the same thing once: a key may come."""


def test_what_changes_something_says_that_it_takes_an_idempotency_key() -> None:
    changing = {name: each for name, each in operations().items() if not name.startswith("GET")}
    keyed = {"$ref": "#/components/parameters/IdempotencyKey"}
    assert [name for name, each in changing.items() if keyed not in each.get("parameters", []) and name not in UNKEYED] == []


def test_every_operation_says_how_to_sign_in_and_what_it_may_refuse() -> None:
    document = openapi_document()
    assert set(document["components"]["securitySchemes"]) == {"key", "session", "signature"}
    assert document["security"] == [{"key": []}, {"session": []}]
    for name, operation in operations().items():
        refused = {status for status in operation["responses"] if status >= "4"}
        assert {"400", "429", "503", "default"} <= refused, name
        assert "401" in refused or operation["security"] == [], name
        assert "404" in refused or "{" not in name, name


def test_what_takes_amazons_signatures_refuses_in_amazons_form() -> None:
    """As SignedRoute answers: no problem document, and never 422."""
    signed = {name: each for name, each in operations().items() if each.get("security") == [{"signature": []}]}
    assert len(signed) == 5
    assert all(" /a2i/" in name for name in signed)
    for name, operation in signed.items():
        refusals = {status: told for status, told in operation["responses"].items() if status >= "4"}
        assert "422" not in refusals, name
        assert {tuple(told["content"]) for told in refusals.values()} == {("application/json",)}, name
