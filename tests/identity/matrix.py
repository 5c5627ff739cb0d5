"""Every route asked by every role, on things that exist: unbounded, bounded to tasks and queues, and as their owners.

``tests/identity/authorisation.yaml`` states what each role gets, ``tests/identity/bounds.yaml`` what bounds and ownership change.
This finds what the service answers:

python -m tests.identity.matrix      # writes both files anew: look at what changed before you keep it
"""

import asyncio
import itertools
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import yaml
from fastapi import FastAPI

from hitl.adapters.checkers.decoder import DecodedFile, FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.canonical import Json
from hitl.identity import Principal, Role
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from hitl.outbox.rules import ChannelView
from hitl.tasks import TaskSpec
from hitl.tasks.inputs import AudioInput
from serve_app.api.app import review_app
from serve_app.api.live.feed import Feed
from serve_app.api.services.chat_ports import Chat
from serve_app.decisions.app import ROUTES as GATEWAYS
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.authentication import Authenticator
from serve_app.http.limits import Buckets
from serve_app.http.sessions import SignIn
from serve_app.setup.case_files import CaseFiles
from tests.chat.worlds import TERMS
from tests.review_app.conftest import World
from tests.review_app.conftest import by_name as known_names

AUTHORISATION, BOUNDS = Path("tests/identity/authorisation.yaml"), Path("tests/identity/bounds.yaml")
ROLES = [role.value for role in Role]
VARIANTS: dict[str, dict[str, Collection[str]]] = {
    "of another task": {"tasks": ["elsewhere"]},
    "of this task": {"tasks": ["digits"]},
    "of another queue": {"queues": ["elsewhere"]},
    "of this queue": {"queues": ["digits"]},
}
OWNERS = ["client", "trainer", "operator"]
"""Who made the things: the case, the interaction and the case's workflow; the workflow of stages; the approval."""

AS_UNBOUNDED, NOBODY = "as unbounded", "nobody"

OPEN = {"/health", "/ready", "/v1/oidc/login", "/v1/oidc/callback"}
"""Nobody is asked who they are."""

ENDLESS = "/events"
"""Streams: a cursor that is none shows who is let in, and ends the answer."""

BODIES = {
    "POST /v1/holds/days": {
        "task": "digits",
        "first_day": "2026-01-01",
        "last_day": "2026-01-31",
        "until": 4e9,
        "reason": "a court asked",
    },
    "POST /v1/reviews/{review_id}/assign": {"to": "person:ann"},
    "POST /v1/reviews/{review_id}/delegate": {"lease": 1, "to": "person:ann"},
    "POST /v1/workflows/cases": {"workflow_type": "decision", "request_data": {}},
}
"""Where the smallest body that fits the schema is not enough."""

OF_A_CASE = re.compile(r"/v1/workflows/\{workflow_id\}/(prediction|decision|failure)")
"""Routes whose workflow is a case's, not one of stages."""

OF_A_FILE = ("/image", "/sound")
"""Routes of cases that are files; the others ask about a case of numbers."""

AUDIO = AudioInput(kind="audio")

ENDLESS_GUESSES = Buckets(1e6, 1e6, time.monotonic, "wrong links")
"""So that every caller sees the refusal of a wrong link and not the bound of such."""

NUMBERS = {"integer": 1, "number": 1.0, "boolean": False}

CHANNELS = [ChannelView("desk", "inbox", is_configured=True, takes_trials=True, fallback=None)]


class AnyFile(CaseFiles):
    """A file of every case."""

    async def picture(self, spec: TaskSpec, features: Json, page: int = 1) -> DecodedFile | None:
        return DecodedFile("png", 1, 1, b"")

    async def sound(self, spec: TaskSpec, features: Json) -> DecodedFile | None:
        return DecodedFile("flac", 0, 0, b"")


ANY_FILE = AnyFile(BlobStore("memory://nothing"), FileDecoder())


async def by_role(authorization: str | None) -> Principal:
    """A key is ``role`` or ``role variant``; with `` owner`` that of the person of tests/review_app with the role's name."""
    name = (authorization or "").removeprefix("Bearer ")
    role, _, variant = name.partition(" ")
    if role in ROLES and variant != "owner":
        bounds = {key: frozenset(values) for key, values in VARIANTS.get(variant, {}).items()}
        return Principal(f"a-{role}", frozenset({Role(role)}), **bounds)
    return await known_names(f"Bearer {role}" if authorization else None)


def routes(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything but what is open to all, the streams, and what the gateway answers."""
    return [each for each in all_routes(schema) if not each[1].endswith(ENDLESS)]


def all_routes(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, operations in sorted(schema["paths"].items())
        for method, operation in sorted(operations.items())
        if path not in OPEN and path not in GATEWAYS
    ]


async def things(world: World, owner: str = "") -> dict[str, str]:
    """One of each kind, by the name that it has in paths; ``owner`` ends the keys of who makes them."""
    case_id = await world.case("a")
    ask = {"kind": "custom", "title": "May we?", "context": {"what": "it"}}
    asked = await world.call("POST", "/v1/approvals", f"operator{owner}", ask, idempotency_key="1")
    step = {"pattern": "review_and_approve", "config": {"assignees": ["a-reviewer"]}, "data": {}}
    opened = await world.call("POST", "/v1/interactions", f"client{owner}", step, idempotency_key="2")
    flow = await world.call("POST", "/v1/workflows", f"trainer{owner}", {"name": "f", "stages": []}, idempotency_key="3")
    case = BODIES["POST /v1/workflows/cases"]
    started = await world.call("POST", "/v1/workflows/cases", f"client{owner}", case, idempotency_key="4")
    granted = await world.call("PUT", "/v1/accounts/vera", "admin", {"roles": ["approver"]}, idempotency_key="5")
    call = {"run_id": "r", "call_id": "call-m", "spec": {"fn": "f", "kwargs": {}}}
    await world.call("POST", "/humanlayer/v1/function_calls", f"client{owner}", call)
    contact = {"run_id": "r", "call_id": "call-m", "spec": {"msg": "Which?"}}
    await world.call("POST", "/humanlayer/v1/contact_requests", f"client{owner}", contact)
    found = {
        "call_id": "call-m",
        "grant_id": granted.json().get("grant_id", "none"),
        "case_id": case_id,
        "review_id": f"{case_id}-1",
        "approval_id": asked.json().get("approval_id", "none"),
        "interaction_id": opened.json().get("interaction_id", "none"),
        "workflow_id": flow.json().get("workflow_id", "none"),
        "case_workflow_id": started.json().get("workflow_id", "none"),
    }
    found |= {"digest": "0" * 64, "task": "digits", "queue": "digits", "shard": "approval", "channel": CHANNELS[0].name}
    return {**found, "user_id": "a-reviewer", "stage": "training"}


@cache
def application() -> FastAPI:
    """One application for all worlds: it prepares each route at its first request."""
    return review_app(World().ports)


async def new_world() -> tuple[World, dict[str, str]]:
    """A world behind ``application()`` with one of each kind of thing."""
    world, keys = World(), MemoryKeys()
    unhurried = itertools.count().__next__  # a second passes at each look, so that no wrong signature is one too many
    door = SignIn(Authenticator(keys, monotonic=unhurried), MemorySessions(), MemoryOneTime(time.monotonic))
    world.ports = ports = replace(
        world.ports, authenticate=by_role, door=door, accounts=keys, chat=Chat(TERMS, guesses=ENDLESS_GUESSES), channels=CHANNELS
    )
    state = application().state
    state.ports, state.feed = ports, Feed(ports.shards)
    state.evidence = TaskEvidence(ports.tasks, ports.shards, ports.intakes, ports.vault.shown_of)
    await world.http.aclose()
    transport = httpx2.ASGITransport(application(), raise_app_exceptions=False)
    world.http = httpx2.AsyncClient(transport=transport, base_url="http://hitl")
    await world.shards.start()
    return world, await things(world, " owner")


async def close(world: World) -> None:
    await world.http.aclose()
    await world.shards.stop()


class Matrix:
    """Asks routes. A world in which something may have changed is left for a new one."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema, self._world, self._named = schema, None, dict[str, str]()

    async def row(self, method: str, path: str, operation: dict[str, Any]) -> dict[str, dict[str, int]]:
        """By variant (``""`` is unbounded), the status that each role gets, one after the other on the same things."""
        asked = {"": [*ROLES, "nobody"], **{name: [f"{role} {name}" for role in ROLES] for name in VARIANTS}}
        asked["owner"] = [f"{name} owner" for name in OWNERS]
        found = {}
        for variant, callers in asked.items():
            found[variant] = await self._column(method, path, operation, callers)
            is_read = method == "GET" and not path.endswith(ENDLESS)
            if not is_read and any(status not in (401, 403, 404) for status in found[variant].values()):
                await self.close()
        return found

    async def close(self) -> None:
        if self._world is not None:
            await close(self._world)
        self._world = None

    async def _column(self, method: str, path: str, operation: dict[str, Any], callers: list[str]) -> dict[str, int]:
        if self._world is None:
            self._world, self._named = await new_world()
        full = filled(path, self._named) + query(path, operation)
        body = BODIES.get(f"{method} {path}") or sample(operation.get("requestBody", {}), self._schema)
        found, plain = {}, self._world.tasks["digits"]
        if path.endswith(OF_A_FILE):
            self._world.tasks["digits"] = plain.model_copy(update={"input": AUDIO})
            application().state.ports = replace(self._world.ports, files=ANY_FILE)
        for who in callers:
            key = None if who == "nobody" else who
            answer = await self._world.call(method, full, key, body, idempotency_key=who.replace(" ", "-"))
            found[who.partition(" ")[0]] = answer.status_code
        self._world.tasks["digits"], application().state.ports = plain, self._world.ports
        return found


def filled(path: str, named: Mapping[str, str]) -> str:
    """``path`` with the ids of things in place of its parameters."""
    known = {**named, "workflow_id": named["case_workflow_id"]} if OF_A_CASE.fullmatch(path) else named
    return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], "unknown"), path)


def query(path: str, operation: dict[str, Any]) -> str:
    """Values for the parameters that must be there."""
    if path.endswith(ENDLESS):
        return "?cursor=none"
    known = {"task": "digits", "time": "2026-01-01T00:00:00Z"}
    needed = [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query" and each.get("required")]
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


def bounded(row: dict[str, dict[str, int]]) -> dict[str, str]:
    """By variant, the line where it is another than that of the unbounded."""
    unbounded = {who: status for who, status in row[""].items() if who != "nobody"}
    found = {}
    for variant, column in row.items():
        if variant:
            line, same = stated(column), stated({who: unbounded[who] for who in column})
            found[variant] = AS_UNBOUNDED if line == same else line if "may: " in line else NOBODY
    return found


async def document() -> dict[str, Any]:
    """The OpenAPI document."""
    world = World()
    found: dict[str, Any] = (await world.http.get("/openapi.json")).json()
    await world.http.aclose()
    return found


async def matrix() -> dict[str, dict[str, dict[str, int]]]:
    """The row of every route."""
    schema = await document()
    asked = Matrix(schema)
    found = {f"{method} {path}": await asked.row(method, path, op) for method, path, op in all_routes(schema)}
    await asked.close()
    return found


if __name__ == "__main__":
    rows = asyncio.run(matrix())
    head = AUTHORISATION.read_text().splitlines()[0]
    lines = {route: stated(row[""]) for route, row in rows.items()}
    AUTHORISATION.write_text(f"{head}\n" + yaml.safe_dump(lines, width=200))
    bounds = {route: bounded(row) for route, row in rows.items()}
    BOUNDS.write_text(
        "# What bounds of tasks and queues, and owning the thing, change on each route.\n" + yaml.safe_dump(bounds, width=200)
    )
