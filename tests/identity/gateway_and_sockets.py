"""The routes of the gateway, and the sockets, asked by every role, bounded and unbounded.

``tests/identity/gateway_and_sockets.yaml`` states the answers:

python -m tests.identity.gateway_and_sockets      # writes the file anew: look at what changed before you keep it
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes
from typing import Any

import yaml
from starlette.routing import WebSocketRoute

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from serve_app.decisions.app import ROUTES
from tests.gateway.service import FIRST, NOW, Service, loans
from tests.identity.matrix import ROLES, application, new_world, stated
from tests.identity.matrix import close as close_world

STATED = Path("tests/identity/gateway_and_sockets.yaml")

BOUNDS: dict[str, dict[str, frozenset[str]]] = {
    "": {},
    "of another task": {"tasks": frozenset({"elsewhere"})},
    "of this task": {"tasks": frozenset({"loans"})},
    "of another queue": {"queues": frozenset({"elsewhere"})},
    "of this queue": {"queues": frozenset({"loans"})},
}
ONE: dict[str, Any] = {"features": [0.2, 0.5, 0.3]}
BODIES: dict[str, Any] = {"/v1/tasks/{task}/decisions": ONE, "/v1/tasks/{task}/decisions:batch": {"cases": [{**ONE, "key": "1"}]}}

ACCEPTED, NO_SUCH_ROUTE = "websocket.accept", 404
PAGES = [
    "overview",
    "inbox",
    "reviews",
    "cases",
    "models",
    "approvals",
    "workflows",
    "analytics",
    "policies",
    "staffing",
    "retention",
    "overrides",
    "outbox",
    "audit",
    "tasks",
    "new-task",
    "people",
    "settings",
    "console",
]
"""The console's addresses: each serves the one page, which holds nothing of anybody's."""

OPEN_TO_ALL = (
    *("/", "/assets/{name}", "/docs", "/api/docs/", "/openapi.json"),
    *(path for page in PAGES for path in (f"/{page}", f"/{page}/{{rest:path}}")),
)
"""What is in no document and asks nobody who they are: the console, and what there is to ask."""


def included(routes: Any) -> Iterator[Any]:
    """The routes of an application, those of its routers too."""
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from [route] if router is None else included(router.routes)


def sockets() -> list[str]:
    """The paths of the review application's sockets."""
    return sorted(route.path for route in included(application().routes) if isinstance(route, WebSocketRoute))


async def gateway_rows() -> dict[str, dict[str, dict[str, int]]]:
    """By route and bound, the status that each role gets."""
    keys = {(role, bound): key_of(role, bound) for role in ROLES for bound in BOUNDS}
    service = Service(tasks={"loans": loans()}, keys=MemoryKeys(*(record for _, record in keys.values())))
    await service.gateway.start()
    await service.deploy((FIRST, 1.0))
    rows = {}
    for route, method in ((route, method) for route, methods in ROUTES.items() for method in methods):
        asked = {bound: {role: await _status(service, method, route, keys[role, bound][0]) for role in ROLES} for bound in BOUNDS}
        asked[""]["nobody"] = await _status(service, method, route, None)
        rows[f"{method} {route}"] = asked
    await service.http.aclose()
    await service.gateway.stop()
    return rows


def key_of(role: str, bound: str) -> tuple[str, Any]:
    return issue(Principal(f"a-{role} {bound}", frozenset({Role(role)}), **BOUNDS[bound]), NOW, token_bytes)


async def _status(service: Service, method: str, route: str, key: str | None) -> int:
    headers = {"idempotency-key": "k"} | ({} if key is None else {"authorization": f"Bearer {key}"})
    answer = await service.http.request(method, route.replace("{task}", "loans"), json=BODIES.get(route), headers=headers)
    told = answer.json()
    return int(told["results"][0]["status"]) if "results" in told else answer.status_code


async def socket_rows() -> dict[str, dict[str, dict[str, int]]]:
    """By route, and by whose name stands in the path, what each role's handshake gets: 101, or 403 where it is refused."""
    world, _ = await new_world()
    rows = {}
    for path in sockets():
        asked = {"own": {role: await handshake(path, role, f"a-{role}") for role in ROLES}}
        asked["another's"] = {role: await handshake(path, role, "somebody") for role in ROLES}
        asked["own"]["nobody"] = await handshake(path, None, "a-client")
        rows[f"WS {path}"] = asked
    await close_world(world)
    return rows


async def handshake(path: str, role: str | None, user_id: str) -> int:
    """Begin a socket, and leave at once if it is let in."""
    full = path.replace("{user_id}", user_id)
    headers = [(b"host", b"hitl")] + ([] if role is None else [(b"authorization", f"Bearer {role}".encode())])
    scope = {
        "type": "websocket",
        "path": full,
        "raw_path": full.encode(),
        "query_string": b"",
        "headers": headers,
        "subprotocols": [],
    }
    coming = asyncio.Queue[dict[str, Any]]()
    answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    coming.put_nowait({"type": "websocket.connect"})

    async def send(message: dict[str, Any]) -> None:
        if not answered.done():
            answered.set_result(message["type"])
            coming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    spare = {
        "subprotocols": [],
        "scheme": "ws",
        "client": ("127.0.0.1", 1),
        "server": ("hitl", 80),
        "root_path": "",
        "http_version": "1.1",
    }
    await application()({**spare, **scope}, coming.get, send)  # type: ignore[arg-type]
    return 101 if await answered == ACCEPTED else 403


async def rows() -> dict[str, dict[str, dict[str, int]]]:
    return {**await gateway_rows(), **await socket_rows()}


def lines(row: dict[str, dict[str, int]]) -> dict[str, str]:
    """By bound, who may and who gets what."""
    return {bound or "unbounded": stated(column) for bound, column in row.items()}


if __name__ == "__main__":
    found = asyncio.run(rows())
    head = "# Who may use the routes of the gateway, and the sockets.\n"
    STATED.write_text(head + yaml.safe_dump({route: lines(row) for route, row in found.items()}, width=200))
