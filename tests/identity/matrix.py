"""Every route asked by every role, on things that exist: what tests/identity/authorisation.yaml states is what this finds.

python -m tests.identity.matrix > tests/identity/authorisation.yaml      # after a look at what changed
"""

import asyncio
import re
import sys
import time
from dataclasses import replace
from typing import Any

import yaml

from hitl.identity import Principal, Role
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from tests.review_app.conftest import World
from tests.review_app.conftest import by_name as known_names

ROLES = [role.value for role in Role]
OPEN = {"/health", "/ready", "/v1/oidc/login", "/v1/oidc/callback"}
"""Nobody is asked who they are."""

ENDLESS = "/events"
"""Streams, whose own tests say who may listen."""

BODIES = {
    "POST /v1/reviews/{review_id}/assign": {"to": "person:ann"},
    "POST /v1/reviews/{review_id}/delegate": {"lease": 1, "to": "person:ann"},
}
"""Where the smallest body that fits the schema is not enough."""

NUMBERS = {"integer": 1, "number": 1.0, "boolean": False}


async def by_role(authorization: str | None) -> Any:
    """A key is a role's name, or the name of one of the people of tests/review_app."""
    name = (authorization or "").removeprefix("Bearer ")
    if name in ROLES:
        return Principal(f"a-{name}", frozenset({Role(name)}))
    return await known_names(authorization)


def routes(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything but what is open to all."""
    return [
        (method.upper(), path, operation)
        for path, operations in sorted(schema["paths"].items())
        for method, operation in sorted(operations.items())
        if path not in OPEN and not path.endswith(ENDLESS)
    ]


async def things(world: World) -> dict[str, str]:
    """One of each kind, by the name that it has in paths."""
    case_id = await world.case("a")
    ask = {"kind": "custom", "title": "May we?", "context": {"what": "it"}}
    asked = await world.call("POST", "/v1/approvals", "operator", ask, idempotency_key="1")
    step = {"pattern": "review_and_approve", "config": {"assignees": ["a-reviewer"]}, "data": {}}
    opened = await world.call("POST", "/v1/interactions", "client", step, idempotency_key="2")
    flow = await world.call("POST", "/v1/workflows", "trainer", {"name": "f", "stages": []}, idempotency_key="3")
    found = {
        "case_id": case_id,
        "review_id": f"{case_id}-1",
        "approval_id": asked.json().get("approval_id", "none"),
        "interaction_id": opened.json().get("interaction_id", "none"),
        "workflow_id": flow.json().get("workflow_id", "none"),
    }
    found |= {"digest": "0" * 64, "task": "digits", "queue": "digits", "shard": "approval"}
    return {**found, "user_id": "a-reviewer", "stage": "training"}


async def answers(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, int]:
    """The status that each role gets, one after the other on the same things, and ``nobody`` without a key."""
    world = World()
    keys = MemoryKeys()
    door = SignIn(Authenticator(keys), MemorySessions(), MemoryOneTime(time.monotonic))
    world.ports = replace(world.ports, authenticate=by_role, door=door, accounts=keys)
    world.serve()
    await world.shards.start()
    try:
        named = await things(world)
        full = re.sub(r"\{(\w+)\}", lambda match: named.get(match[1], "unknown"), path) + query(operation)
        body = BODIES.get(f"{method} {path}") or sample(operation.get("requestBody", {}), schema)
        found = {}
        for who in [*ROLES, "nobody"]:
            answer = await world.call(method, full, None if who == "nobody" else who, body, idempotency_key=who)
            found[who] = answer.status_code
        return found
    finally:
        await world.http.aclose()
        await world.shards.stop()


def query(operation: dict[str, Any]) -> str:
    """Values for the parameters that must be there."""
    known = {"task": "digits", "time": "2026-01-01T00:00:00Z"}
    needed = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query" and each.get("required")]
    return "?" + "&".join(f"{name}={known.get(name, 'x')}" for name in needed) if needed else ""


def sample(body: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A body that fits, as small as can be; None where there is none."""
    content = body.get("content", {}).get("application/json", {}).get("schema")
    return None if content is None else _value(content, schema)


def _value(kind: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in kind:
        return _value(schema["components"]["schemas"][kind["$ref"].rsplit("/", 1)[1]], schema)
    for name in ("anyOf", "oneOf", "allOf"):
        if name in kind:
            return _value(kind[name][0], schema)
    if "const" in kind or "enum" in kind:
        return kind.get("const", kind.get("enum", [None])[0])
    if kind.get("type") == "object":
        return {name: _value(kind["properties"][name], schema) for name in kind.get("required", ())}
    if kind.get("type") == "array":
        return [_value(kind["items"], schema)] * kind.get("minItems", 0)
    if kind.get("type") == "string":
        return "d" * 64 if "64" in kind.get("pattern", "") else "2030-01-01T00:00:00Z" if "format" in kind else "approve"
    return NUMBERS.get(kind.get("type", ""), 1)


def stated(found: dict[str, int]) -> str:
    """One line a route: who may (whatever the request is then worth), and who gets 403 or 404."""
    by_answer: dict[str, list[str]] = {}
    for who, status in found.items():
        by_answer.setdefault(str(status) if status in (401, 403, 404) else "may", []).append(who)
    return "; ".join(f"{answer}: {' '.join(by_answer[answer])}" for answer in sorted(by_answer, reverse=True))


async def document() -> dict[str, Any]:
    """The OpenAPI document."""
    world = World()
    found: dict[str, Any] = (await world.http.get("/openapi.json")).json()
    await world.http.aclose()
    return found


async def _all() -> dict[str, str]:
    schema = await document()
    return {f"{method} {path}": stated(await answers(method, path, op, schema)) for method, path, op in routes(schema)}


if __name__ == "__main__":
    yaml.safe_dump(asyncio.run(_all()), sys.stdout, width=200)
