"""Dates, numbers and texts at their extremes, in every query parameter and every field of a body: never a 500."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from redis.asyncio import Redis

from tests.identity.matrix import document, routes, sample, things
from tests.review_app.conftest import World, world
from tests.review_app.test_outbox_routes import stored

__all__ = ["stored", "world"]

DATES = ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
NUMBERS = [
    "0",
    "-1",
    "9007199254740993",
    "9223372036854775808",
    "1" * 400,
    "1e308",
    "1e999",
    "nan",
    "-inf",
    "5e-324",
]
TEXTS = ["", "\x00", "\ud800", "\u202e", "%", "../..", "x" * 1000, "1" * 1000, "0." * 400, "٣"]
EXTREMES = [*DATES, *NUMBERS, *TEXTS]
IN_BODIES: list[Any] = [*DATES, "", "\x00", "\u202e", "1" * 1000, 0, -1, 2**63, 10**400, 5e-324, 1e308, [], {}, [[]], None, True]
WAITS = {"wait"}
"""Of these only what is refused is asked: a long wait that is granted is right."""


@pytest.fixture
async def whole(stored: World, valkey: Redis) -> World:
    """With the records of a store, that its routes read."""
    stored.ports = replace(stored.ports, stored=replace(stored.ports.records, journals=stored.shards.journals))
    stored.serve()
    return stored


async def test_no_value_of_a_query_parameter_makes_a_500(whole: World) -> None:
    named = await things(whole)
    crashed = []
    for method, path, operation in routes(await document()):
        for parameter in [each for each in operation.get("parameters", ()) if each.get("in") == "query" and method == "GET"]:
            for value in EXTREMES:
                if parameter["name"] not in WAITS or value in ("nan", "-1", "1e308"):
                    query = {**needed(operation), parameter["name"]: value}
                    crashed += await crash(whole, method, filled(path, named) + as_query(query), None)
    assert crashed == []


async def test_no_value_of_a_body_makes_a_500(whole: World) -> None:
    named, schema = await things(whole), await document()
    crashed = []
    for method, path, operation in routes(schema):
        whole_body = sample(operation.get("requestBody", {}), schema)
        for body in changed(whole_body, optional(operation, schema)):
            crashed += await crash(whole, method, filled(path, named), body)
    assert crashed == []


async def crash(world: World, method: str, path: str, body: Any) -> list[str]:
    answer = await world.call(method, path, person(path), body, idempotency_key="extreme")
    return [f"{method} {path} {body!r:.200}"] if answer.status_code == 500 else []


def person(path: str) -> str:
    return "trainer" if "/examples" in path or "/suggestions" in path else "operator"


def changed(body: Any, names: list[str]) -> Iterator[Any]:
    """``body`` with one of ``names`` at each extreme, one after the other."""
    if isinstance(body, dict):
        yield from ({**body, name: value} for name in names for value in IN_BODIES)


def optional(operation: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The names of all fields of the body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    found = [content, *content.get("anyOf", ())]
    refs = [each["$ref"].rsplit("/", 1)[1] for each in found if "$ref" in each]
    return [name for ref in refs for name in schema["components"]["schemas"][ref].get("properties", ())]


def needed(operation: dict[str, Any]) -> dict[str, str]:
    known = {"task": "digits", "time": "2026-01-01T00:00:00Z"}
    required = [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query" and each.get("required")]
    return {name: known.get(name, "x") for name in required}


def as_query(values: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in values.items())


def filled(path: str, named: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: named.get(match[1], "unknown"), path)
