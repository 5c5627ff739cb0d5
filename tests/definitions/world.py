"""The gateway, the keeper and the approval shard over memory: definitions are recorded, proposed, voted on and taken up."""

import asyncio
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from hitl.adapters.ray.serving_projector import ServingProjector
from hitl.approval import ApprovalMachine, Vote
from hitl.approval.definitions import DefinitionReader, MemoryIndex
from hitl.canonical import JsonObject
from hitl.errors import StoreUnavailable
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from hitl.intake.memory import MemoryServing
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope
from hitl.machine.shard import Shard
from hitl.machine.shards import APPROVAL
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tasks.definition import body_of
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.decisions.live_gateway import LiveGateway
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from serve_app.http.telemetry import Telemetry
from serve_app.reconcilers.definitions import DefinitionKeeper
from serve_app.reconcilers.deployer import Deployer
from serve_app.setup.definitions import EVERYTHING, Facilities, Proposer
from serve_app.setup.policies import policies
from tests.gateway.service import NOW, Artifacts, Echo, FlakyIntake, loans
from tests.review_app.in_process import RULES, InProcessShards

PEOPLE = {"client": Role.CLIENT, "operator": Role.OPERATOR, "trainer": Role.TRAINER, "reviewer": Role.REVIEWER}
FEATURES = [0.97, 0.02, 0.01]


async def accept(spec: TaskSpec, digest: str) -> None:
    """Every candidate loads."""


async def voters(task: str) -> set[str]:
    return {"ann", "bob", "cid"}


class World:
    """``files`` are those of the first start; ``start`` is one more start, on other files. The next ``failures`` gateways cannot
    be made. Its gateway prepares what models need ``prepare_after_s`` after its start."""

    def __init__(self, files: Mapping[str, TaskSpec], facilities: Facilities = EVERYTHING, prepare_after_s: float = 0.0) -> None:
        self.index, self.serving, self.journal = MemoryIndex(), MemoryServing(), MemoryJournal(APPROVAL)
        self.book = TaskBook(files)
        self.shards = InProcessShards(self.book, 1)  # type: ignore[arg-type]
        self.projector = ServingProjector(self.serving, index=self.index)
        self.shards.shards[APPROVAL] = Shard(ApprovalMachine(RULES), self.journal, watchers=[self.projector])
        self.intake, self.reader = FlakyIntake(self.serving), DefinitionReader(self.index, self.journal)
        self.proposer = Proposer(self.shards, facilities, lambda spec: spec.task == "elsewhere", time.time)
        issued = {name: issue(Principal(name, frozenset({role})), NOW, secrets.token_bytes) for name, role in PEOPLE.items()}
        issued["stranger"] = issue(
            Principal("stranger", frozenset({Role.OPERATOR}), frozenset({"other"})), NOW, secrets.token_bytes
        )
        self.keys = {name: key for name, (key, _) in issued.items()}
        self.store = MemoryKeys(*(record for _, record in issued.values()))
        keys = Authenticator(self.store, accounts=self.store)
        self.door = SignIn(keys, MemorySessions(), MemoryOneTime(time.monotonic))
        self.failures = 0
        self.is_importing, self.may_import = threading.Event(), threading.Event()
        self.may_import.set()
        self.gateway = LiveGateway(self.book, self.reader, self._made, lambda _: self._import(), prepare_after_s)
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.gateway), base_url="http://gateway")
        self.deployer = Deployer(self.shards, self.book, accept, voters, proposer=self.proposer)

    def _import(self) -> None:
        self.is_importing.set()
        assert self.may_import.wait(10.0)

    def _made(self, book: TaskBook) -> Gateway:
        tasks = book.in_force()
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("for a moment")
        return Gateway(
            GatewayPorts(
                tasks=tasks,
                policies=policies(tasks, None, None),
                intakes=[self.intake],
                serving=self.serving,
                journal=self.journal,
                artifacts=Artifacts(),
                load=lambda data, labels, width: Echo(),
                keys=self.store,
                telemetry=Telemetry(),
                wall=lambda: NOW,
                book=book,
                proposer=self.proposer,
                door=self.door,
            )
        )

    async def start(self, files: Mapping[str, TaskSpec]) -> DefinitionKeeper:
        """What the keeper does in a start of the service on ``files``."""
        keeper = DefinitionKeeper(self.proposer, self.book, self.reader, files)
        await keeper.once()
        await self.settle()
        return keeper

    async def settle(self) -> None:
        """Let what was decided reach the store, and the gateway."""
        for _ in range(20):
            await asyncio.sleep(0)
        await self.gateway.refresh()

    async def call(
        self, method: str, path: str, who: str | None = "operator", body: Any = None, **headers: str
    ) -> httpx2.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            given["authorization"] = f"Bearer {self.keys[who]}"
        return await self.http.request(method, path, json=body, headers=given)

    async def propose(self, body: JsonObject, who: str = "operator") -> httpx2.Response:
        return await self.call("PUT", f"/v1/tasks/{body['task']}/definition", who, body)

    async def decide(self, key: str, task: str = "loans") -> httpx2.Response:
        return await self.call("POST", f"/v1/tasks/{task}/decisions", "client", {"features": FEATURES}, idempotency_key=key)

    async def vote(self, approval_id: str, digest: str, *people: str, how: str = "approve") -> None:
        for who in people:
            envelope = Envelope(Vote(approval_id, who, how, digest, "read"), f"{how}:{who}:{approval_id}", "", who, "r")
            await self.shards.submit(APPROVAL, envelope)

    async def adopt(self, body: JsonObject) -> None:
        """Propose the definition, vote for it and let it take effect."""
        told = (await self.propose(body)).json()
        await self.vote(told["approval_id"], told["digest"], "ann", "bob")
        await self.deployer.once()
        await self.settle()

    async def state(self) -> str:
        return json.dumps(await self.shards.plain(APPROVAL), sort_keys=True)


@asynccontextmanager
async def started(
    files: Mapping[str, TaskSpec] | None = None,
    facilities: Facilities = EVERYTHING,
    may_import: bool = True,
    prepare_after_s: float = 0.0,
) -> AsyncIterator[World]:
    """A world after its first start on ``files``; unless it ``may_import``, its gateway does not come to an end with that."""
    files = {"loans": loans()} if files is None else files
    world = World(files, facilities, prepare_after_s)
    if not may_import:
        world.may_import.clear()
    await world.shards.start()
    publishing = asyncio.create_task(world.projector.run())
    await world.start(files)
    await world.gateway.start()
    yield world
    await world.gateway.stop()
    publishing.cancel()
    await world.shards.stop()


def changed(**more: Any) -> JsonObject:
    """The definition of loans with other keys."""
    return {**body_of(loans()), **more}
