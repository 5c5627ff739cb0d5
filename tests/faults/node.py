"""The product's writers in one process that can be killed: gateway, shards, follower, projector, deployer and outbox, over a
real store, without Ray. It listens for lines of JSON."""

import asyncio
import json
import logging
import os
from typing import Any

import httpx2

from hitl.adapters.intake_follower import IntakeFollower
from hitl.adapters.outbox_senders import senders
from hitl.adapters.outbox_store import ValkeyOutbox
from hitl.adapters.serving_projector import ServingProjector
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.approval import ApprovalMachine
from hitl.approval import commands as approval_commands
from hitl.approval import questions as approval_questions
from hitl.errors import ArtifactRejected, Fenced, HitlError, Unavailable
from hitl.machine import Envelope, Shard
from hitl.outbox.load import load_notifications
from hitl.review import ReviewMachine
from hitl.review import commands as review_commands
from hitl.review import questions as review_questions
from hitl.tasks import TaskSpec
from serve_app.keeping.deployer import Deployer
from serve_app.keeping.loop import forever
from serve_app.keeping.outbox import Courier, OutboxTail
from tests.faults import armed
from tests.gateway.service import Service, loans
from tests.outbox.conftest import CONFIG, SECRET

SHARDS = ("review-0", "approval")
DAY_S = 86_400.0
FENCED = 3
BAD_DIGEST = "bad0" * 16
"""What the check of a candidate refuses."""


class Node:
    def __init__(self, url: str, hook: str) -> None:
        client = connect(url)
        self.tasks = {"loans": loans()}
        self._projector = ServingProjector(ValkeyServing(client, 1))
        self.journals = {name: ValkeyJournal(client, name) for name in SHARDS}
        machines = {"review-0": ReviewMachine(self.tasks, DAY_S), "approval": ApprovalMachine()}
        watchers = {"review-0": [], "approval": [self._projector]}
        self.shards = {n: Shard(machines[n], self.journals[n], name=n, watchers=watchers[n]) for n in SHARDS}
        intake = ValkeyIntake(client, 0)
        self.service = Service(
            serving=ValkeyServing(client, 1), journal=self.journals["approval"], intakes=[intake], tasks=self.tasks
        )
        self.service.gateway._ports.artifacts.get = _bytes  # type: ignore[method-assign]
        self._follower = IntakeFollower(self.shards["review-0"], intake)
        self._deployer = Deployer(self, self.tasks, _checked)
        config = load_notifications(CONFIG.format(url=hook, secret=SECRET), "test", {})
        store = ValkeyOutbox(client)
        self._tail = OutboxTail(store, self.journals, config)
        self._courier = Courier(store, senders(config, None, {}))  # type: ignore[arg-type]

    async def run(self, line: Any) -> None:
        """Until fenced."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        line.send_bytes(b"%d" % server.sockets[0].getsockname()[1])
        await self.service.gateway.start()
        loops = {"deployer": self._deployer.once, "tail": self._tail.once, "courier": self._courier.once}
        async with asyncio.TaskGroup() as together:
            for shard in self.shards.values():
                together.create_task(shard.run())
            together.create_task(self._projector.run())
            together.create_task(self._follower.run())
            for name, step in loops.items():
                together.create_task(forever(name, step, 0.05))

    async def submit(self, shard: str, envelope: Envelope) -> dict[str, Any]:
        return await self.shards[shard].submit(envelope)

    async def ask(self, shard: str, question: Any) -> dict[str, Any]:
        return await self.shards[shard].ask(question)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            asked = json.loads(line)
            try:
                answer = {"ok": await getattr(self, f"_{asked.pop('op')}")(**asked)}
            except HitlError as error:
                answer = {"error": type(error).__name__, "is_unavailable": isinstance(error, Unavailable | Fenced)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    async def _case(self, features: list[float], key: str) -> dict[str, Any]:
        answer: httpx2.Response = await self.service.decide(features, key)
        return {"status": answer.status_code, "retry_after": answer.headers.get("retry-after"), "body": answer.json()}

    async def _command(self, shard: str, name: str, fields: dict[str, Any], key: str) -> dict[str, Any]:
        kind = getattr(review_commands if shard == "review-0" else approval_commands, name)
        return await self.submit(shard, Envelope(kind(**fields), key, json.dumps(fields, sort_keys=True), "test", "r"))

    async def _question(self, shard: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        kind = getattr(review_questions if shard == "review-0" else approval_questions, name)
        return await self.ask(shard, kind(**fields))

    async def _plain(self, shard: str) -> dict[str, Any]:
        return await self.shards[shard].plain()

    async def _status(self) -> dict[str, Any]:
        files = len(os.listdir("/proc/self/fd"))
        tasks = len(asyncio.all_tasks())
        epochs = {name: [str(shard.phase), shard.epoch] for name, shard in self.shards.items()}
        return {"pid": os.getpid(), "files": files, "tasks": tasks, "shards": epochs}


def _bytes(digest: str) -> bytes:
    return b"first"


async def _checked(spec: TaskSpec, digest: str) -> None:
    if digest == BAD_DIGEST:
        raise ArtifactRejected(digest, "not a model")


def live(url: str, hook: str, change: str, line: Any) -> None:
    """A node until it ends; ``line`` is told its port, and ``change`` is one of tests.faults.armed."""
    logging.disable(logging.CRITICAL)
    armed.become(change, line)
    asyncio.run(_live(url, hook, line))


async def _live(url: str, hook: str, line: Any) -> None:
    try:
        await Node(url, hook).run(line)
    except* Fenced:
        os._exit(FENCED)
