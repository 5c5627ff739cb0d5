"""Both applications behind one door, over memory, with real keys: what a client of the service sees, and all it could change."""

import asyncio
import os
import socket
from dataclasses import replace
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from hitl.canonical import fingerprint
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from hitl.intake.memory import MemoryServing
from hitl.journal.memory import MemoryJournal
from hitl.sealing import Keyring, MemoryDataKeys
from serve_app.api.app import review_app
from serve_app.api.live.feed import Feed
from serve_app.api.services.context import ApiPorts
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.http.authentication import Authenticator
from serve_app.http.limits import Buckets, LimitTerms, RequestLimits
from serve_app.http.sessions import SignIn
from serve_app.http.telemetry import Telemetry
from serve_app.setup.policies import policies
from tests.gateway.service import Artifacts, Echo
from tests.review_app.conftest import PEOPLE, World
from tests.review_app.in_process import APPROVAL

DIGEST, OTHER = "d" * 64, "e" * 64
ROLES = PEOPLE | {"author": Role.APPROVER, "admin": Role.ADMIN}
NOW = 1_700_000_000.0


_APP: list[FastAPI] = []


def _review(ports: ApiPorts) -> FastAPI:
    """The review application over ``ports``: made once, since its hundred routes take longer to make than a row to test."""
    if not _APP:
        _APP.append(review_app(ports))
    _APP[0].state.ports, _APP[0].state.feed = ports, Feed(ports.shards)
    return _APP[0]


class Unlimited:
    """Counts nothing."""

    def __init__(self) -> None:
        self.wait_s: float | None = None

    async def hit(self, item: Any, account: str, cost: int = 1) -> float | None:
        return self.wait_s


class Stage(World):
    """``keys[name]`` is the text of the key of each of ROLES; ``named`` what requests may speak of, once it is arranged."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.keys, self.store = NOW, dict[str, str](), MemoryKeys()
        self.named: dict[str, Any] = {}
        self.counting = Unlimited()
        authenticator = Authenticator(self.store, lambda: self.now, self.store, lambda: self.now)
        self.door = SignIn(authenticator, MemorySessions(), MemoryOneTime(lambda: self.now), wall=lambda: self.now)
        limits = RequestLimits(LimitTerms(requests=dict.fromkeys(Role, "60/minute")), self.counting)
        self.ports = replace(
            self.ports,
            authenticate=authenticator.authenticate,
            door=self.door,
            accounts=self.store,
            limits=limits,
            masters=Keyring([bytes(32)]),
            approval_keys=MemoryDataKeys(),
        )
        self.gateway, self.review = self._gateway(), _review(self.ports)
        self.port, self._serving = 0, None
        transport = httpx2.ASGITransport(self, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://hitl")

    def serve(self) -> None:
        """Nothing yet: the application stands over ports that are to come."""

    async def listen(self) -> int:
        """The port of a server as Ray Serve runs it, started at the first call."""
        if self._serving is None:
            listener = socket.create_server(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
            server = uvicorn.Server(uvicorn.Config(self, lifespan="off", access_log=False, log_config=None))
            server.install_signal_handlers = lambda: None
            self._serving = (server, asyncio.create_task(server._serve([listener])))
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
        return self.port

    async def close(self) -> None:
        if self._serving is not None:
            self._serving[0].should_exit = self._serving[0].force_exit = True
            await self._serving[1]
        await self.http.aclose()
        await self.shards.stop()

    def _gateway(self) -> Gateway:
        return Gateway(
            GatewayPorts(
                tasks=self.tasks,
                policies=policies(self.tasks, None, None),
                intakes=self.intakes,
                serving=MemoryServing(),
                journal=MemoryJournal(APPROVAL),
                artifacts=Artifacts(),
                load=lambda data, labels, width: Echo(),
                keys=self.store,
                telemetry=Telemetry(),
                wall=lambda: self.now,
                buckets=Buckets(1e9, 1e9, lambda: self.now),
            )
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As the proxy does: cases to the gateway, everything else to the review application."""
        app = self.gateway if scope["path"].startswith("/v1/tasks") else self.review
        await app(scope, receive, send)

    async def arrange(self) -> None:
        """One of each thing: cases, a review in ``reviewer``'s hands and one in ``reviewer-2``'s, two approvals."""
        for name, role in ROLES.items():
            self.keys[name] = await self.key(Principal(name, frozenset({role})))
        mine, theirs = await self.case("a"), await self.case("b")
        first, second = await self._claimed("reviewer"), await self._claimed("reviewer-2")
        self.named = {"case": mine, "case-2": theirs, "approval": await self.approval("trainer", DIGEST)}
        self.named |= {"review": first["review_id"], "lease": first["lease"]["id"]}
        self.named |= {"review-2": second["review_id"], "lease-2": second["lease"]["id"]}

    async def key(self, principal: Principal, **more: Any) -> str:
        """A new key's text."""
        text, record = issue(principal, self.now, os.urandom)
        await self.store.put(replace(record, **more))
        self.now += 3  # the table of keys is never older
        return text

    async def approval(self, author: str, digest: str) -> str:
        body = {"task": "digits", "digest": digest, "title": "a model", "evidence": {"accuracy": 0.9}}
        asked = await self.tell("POST", "/v1/approvals", author, body, key=f"ask-{digest}")
        return str(asked.json()["approval_id"])

    async def tell(self, method: str, path: str, who: str, body: Any, key: str = "k") -> httpx2.Response:
        headers = {"authorization": f"Bearer {self.keys[who]}", "idempotency-key": key}
        self.http.cookies.clear()
        return await self.http.request(method, path, json=body, headers=headers)

    async def _claimed(self, who: str) -> dict[str, Any]:
        got: dict[str, Any] = (await self.tell("POST", "/v1/queues/digits/claim", who, {})).json()["review"]
        return got

    async def digest(self) -> str:
        """A fingerprint of everything that a request could have changed."""
        shards = {name: await shard.plain() for name, shard in self.shards.shards.items()}
        cases = [[case.record.case_id for case in await intake.cases(0, 10_000)] for intake in self.intakes]
        keys = sorted(record.key_id for record in await self.store.all())
        return fingerprint([shards, cases, keys, sorted(await self.door.sessions.all())])
