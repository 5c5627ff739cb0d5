"""The product's writers in one process that can be killed: gateway, shards, follower, projector, deployer and outbox, over a
real store, without Ray. It listens for lines of JSON."""

import asyncio
import json
import logging
import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import structlog

from hitl.adapters.checkers.admitting import admit
from hitl.adapters.checkers.limited import ProcessLimits
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.adapters.ray import shard_runner
from hitl.adapters.ray.concurrency import run_concurrently
from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import Retention, ShardSpec
from hitl.adapters.valkey import archiver, stepping
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.approval import commands as approval_commands
from hitl.approval import questions as approval_questions
from hitl.canonical import to_plain
from hitl.errors import ArtifactRejected, HitlError, Unavailable
from hitl.inference import Classifier, load
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.machine import Envelope, Shard
from hitl.review import commands as review_commands
from hitl.review import questions as review_questions
from hitl.tasks import TaskSpec
from serve_app.reconcilers import candidate_check
from serve_app.reconcilers.candidate_check import check
from serve_app.reconcilers.deployer import Deployer
from serve_app.reconcilers.loop import forever
from serve_app.reconcilers.outbox import Courier, OutboxTail
from serve_app.reconcilers.voters import Voters
from tests.faults import armed
from tests.gateway.service import Echo, Service, loans
from tests.outbox.conftest import CONFIG, SECRET

SHARDS = ("review-0", "approval")
DAY_S = 86_400.0
NO_SNAPSHOTS = 10**9
KEPT, FILE, LOOK_S = 20, 10, 0.2
"""Settled cases, approvals that are over and rows of lists in memory; what a file holds of them; and how often they leave: all
small, so that the moves to the archive are under way in every fault."""

FENCED = 3
BAD_DIGEST = "bad0" * 16
"""What the check of a candidate refuses."""

MADE_UP = b"made up"
"""The bytes of every digest that has none in the folder."""

ADMISSION = ProcessLimits(wall_s=30.0, cpu_s=6, memory=4 * 1024**3)
"""Of a candidate from outside: what never ends is given up after seconds, not the product's forty."""

BESIDE, POISON = 0.25, 0.125
"""The second number of cases that come together; the first one of those that no model can be asked about."""

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Clock:
    """UTC seconds, ``ahead_s`` of the machine's."""

    ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


class Writer(ShardRunner):
    """The actor of the product without Ray: where it would leave for good, the process ends."""

    async def _live(self) -> None:
        while not await self._is_fenced():
            pass
        os._exit(FENCED)


class Choosy(Echo):
    """Fails on a whole call for one poisoned row in it. ``most_together`` cases that are marked so came in one call."""

    most_together = 0

    def predict(self, rows: Rows) -> Probabilities:
        self.most_together = max(self.most_together, int((rows[:, 1] == BESIDE).sum()))
        if (rows[:, 0] == POISON).any():
            raise RuntimeError("a poisoned row")
        return super().predict(rows)


class Served(Service):
    """Loads what has bytes as the product does; all other models are made up."""

    def _load(self, data: bytes, labels: tuple[str, ...], width: int) -> Classifier:
        return super()._load(data, labels, width) if data == MADE_UP else load(data, labels, width)  # type: ignore[return-value]


class Node:
    """``folder`` holds what the product keeps outside its store: anchors and artifacts."""

    def __init__(self, url: str, hook: str, folder: Path, wall: Clock) -> None:
        client = connect(url)
        self._wall, self._artifacts, self._choosy = wall, folder / "artifacts", Choosy()
        self.tasks = {"loans": loans()}
        self.journals = {name: ValkeyJournal(client, name) for name in SHARDS}
        kept = {"reviews": KEPT, "approvals": KEPT, "rows": KEPT}
        keeping = Retention(str(folder / "archive"), NO_SNAPSHOTS, NO_SNAPSHOTS, **kept)
        terms: dict[str, Any] = {"log_level": "CRITICAL", "keeping": keeping}
        review = ShardSpec("review", "review-0", url, tasks=self.tasks, default_timeout_s=DAY_S, **terms)
        self.shards = {"review-0": Writer(review), "approval": Writer(ShardSpec("approval", "approval", url, **terms))}
        self.service = Served(
            serving=ValkeyServing(client, 1),
            journal=self.journals["approval"],
            intakes=[ValkeyIntake(client, 0)],
            tasks=self.tasks,
        )
        self.service.model = self._choosy
        self.service.gateway._ports.artifacts.get = self._bytes  # type: ignore[method-assign]
        self._deployer = Deployer(self, self.tasks, self._checked, Voters(ValkeyKeys(client)))
        config = load_notifications(CONFIG.format(url=hook, secret=SECRET), "test", {})
        store = ValkeyOutbox(client)
        self._tail = OutboxTail(store, self.journals, config)
        self._courier = Courier(store, senders(config, None, {}), wall)  # type: ignore[arg-type]

    async def run(self, line: Any) -> None:
        """Until the process ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        line.send_bytes(b"%d" % server.sockets[0].getsockname()[1])
        await self.service.gateway.start()
        loops = {"deployer": self._deployer.once, "tail": self._tail.once, "courier": self._courier.once}
        await run_concurrently(forever(name, step, 0.05) for name, step in loops.items())

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
                answer = {"error": type(error).__name__, "is_unavailable": isinstance(error, Unavailable)}
            except Exception as fault:  # noqa: BLE001 - over HTTP it would be a 500: who asked says that nobody should get one
                answer = {"error": type(fault).__name__, "fault": repr(fault)[:200]}
            writer.write(json.dumps(answer, default=to_plain).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _case(self, features: list[float], key: str) -> dict[str, Any]:
        return _told(await self.service.decide(features, key))

    async def _together(self, bodies: list[list[str]], gone: list[str]) -> dict[str, Any]:
        """The answers to requests that come at once, by their keys; ``bodies`` are pairs of key and text. Those of ``gone`` are
        abandoned once a call of the model has seen some of them: they are in a batch then, or wait for the next one."""
        self._choosy.most_together = 0
        asked = {key: asyncio.create_task(self.service.send(text.encode(), **{"idempotency-key": key})) for key, text in bodies}
        while not self._choosy.most_together and not all(each.done() for each in asked.values()):  # noqa: ASYNC110 - between two steps of theirs
            await asyncio.sleep(0)
        cut = [key for key in gone if asked[key].cancel()]
        answers = await asyncio.gather(*asked.values(), return_exceptions=True)
        told = {key: _told(answer) for key, answer in zip(asked, answers, strict=True) if isinstance(answer, httpx2.Response)}
        return {"answers": told, "cut": len(cut), "together": self._choosy.most_together}

    async def _command(self, shard: str, name: str, fields: dict[str, Any], key: str) -> dict[str, Any]:
        kind = getattr(review_commands if shard == "review-0" else approval_commands, name)
        return await self.submit(shard, Envelope(kind(**fields), key, json.dumps(fields, sort_keys=True), "test", "r"))

    async def _question(self, shard: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        kind = getattr(review_questions if shard == "review-0" else approval_questions, name)
        return await self.ask(shard, kind(**fields))

    async def _plain(self, shard: str) -> dict[str, Any]:
        return await self.shards[shard].plain()

    async def _status(self) -> dict[str, Any]:
        """``rss_mb`` megabytes of memory, ``files`` open descriptors, ``tasks`` of the event loop."""
        use = {"files": len(os.listdir("/proc/self/fd")), "tasks": len(asyncio.all_tasks()), "rss_mb": _memory_mb()}
        shards = {name: await shard.status() for name, shard in self.shards.items()}
        return {"pid": os.getpid(), **use, "shards": shards}

    async def _jump(self, ahead_s: float) -> dict[str, Any]:
        """From now on this node's wall clock is so far ahead of the machine's."""
        self._wall.ahead_s = ahead_s
        return {}

    async def _checked(self, spec: TaskSpec, digest: str) -> None:
        """A digest with bytes in the folder is looked at as the product looks at it; all others are made up, and pass."""
        if digest == BAD_DIGEST:
            raise ArtifactRejected(digest, "not a model")
        if self._has_bytes(digest):
            await asyncio.to_thread(check, str(self._artifacts), digest, tuple(spec.labels), spec.width)

    def _has_bytes(self, digest: str) -> bool:
        return (self._artifacts / digest[:2] / digest).exists()

    def _bytes(self, digest: str) -> bytes:
        return ArtifactStore(str(self._artifacts)).get(digest) if self._has_bytes(digest) else MADE_UP


def _told(answer: httpx2.Response) -> dict[str, Any]:
    return {"status": answer.status_code, "retry_after": answer.headers.get("retry-after"), "body": answer.json()}


def _memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 2**20


def live(url: str, hook: str, folder: Path, change: str, line: Any) -> None:
    """A node until it ends; ``line`` is told its port, and ``change`` is one of tests.faults.armed."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    armed.become(change, line)
    wall = Clock()
    vars(shard_runner)["Shard"] = partial(Shard, wall=wall)
    vars(shard_runner)["SettledMover"] = partial(SettledMover, file_cases=FILE)
    vars(candidate_check)["admit"] = partial(admit, limits=ADMISSION)
    vars(archiver)["EVERY_S"] = vars(stepping)["EVERY_S"] = LOOK_S
    asyncio.run(_live(url, hook, folder, wall, line))


async def _live(url: str, hook: str, folder: Path, wall: Clock, line: Any) -> None:
    await Node(url, hook, folder, wall).run(line)
