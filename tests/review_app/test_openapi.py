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
