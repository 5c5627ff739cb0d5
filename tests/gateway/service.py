"""A gateway over memory ports, a model whose probabilities are its input, and hands to deploy with."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx2
import numpy as np

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, StoreUnavailable
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.intake import Appended, IntakeBatch, StoredCase
from hitl.intake.memory import MemoryIntake, MemoryServing
from hitl.intake.ports import Pointer
from hitl.journal import GENESIS, Commit, follow
from hitl.journal.memory import MemoryJournal
from hitl.quality.calibration import Calibrator
from hitl.tasks import TaskSpec
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.http.telemetry import Telemetry
from serve_app.setup.policies import policies

NOW = 1_700_000_000.0
FIRST, SECOND = digest_of(b"first"), digest_of(b"second")
MODELS = {FIRST: b"first", SECOND: b"second"}


def loans(name: str = "loans", **more: Any) -> TaskSpec:
    """A task of three classes; the three features are the probabilities that the model will give."""
    return TaskSpec.model_validate(
        {
            "task": name,
            "title": "Loans",
            "input": {"kind": "vector", "size": 3, "min": 0.0, "max": 1.0},
            "labels": ["reject", "approve", "ask"],
            "data": {"source": "loans.csv", "initial_rows": 1, "holdout_rows": 1},
            "model": {"family": "torch_mlp"},
            "risk": "uncertified",
            **more,
        }
    )


class Echo:
    """A Classifier that answers with its rows and remembers how many came together."""

    labels, width = ("reject", "approve", "ask"), 3
    calibration: Calibrator | None = None

    def __init__(self) -> None:
        self.batches: list[int] = []

    def predict(self, rows: Rows) -> Probabilities:
        self.batches.append(len(rows))
        return rows.astype(np.float64)

    def calibrated(self, calibration: Calibrator | None) -> "Echo":
        self.calibration = calibration
        return self

    def to_bytes(self) -> bytes:
        return b""


class Artifacts:
    def get(self, digest: str) -> bytes:
        if digest not in MODELS:
            raise ArtifactRejected(digest, "not in the store")
        return MODELS[digest]


class FlakyIntake(MemoryIntake):
    """``fails`` says what the next appends do: nothing and an error, or their work and an error; they wait for
    ``may_go_on`` and set ``reached`` before."""

    def __init__(self, serving: MemoryServing) -> None:
        super().__init__(serving)
        self.fails: list[str] = []
        self.appends = 0
        self.is_away = False
        self.reached, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.may_go_on.set()

    async def append(self, batch: IntakeBatch) -> Appended:
        self.appends += 1
        self.reached.set()
        await self.may_go_on.wait()
        failure = self.fails.pop(0) if self.fails else None
        if failure == "before":
            raise StoreUnavailable("lost before")
        done = await super().append(batch)
        if failure == "after":
            raise StoreUnavailable("lost after")
        return done

    async def find(self, case_id: str) -> StoredCase | None:
        if self.is_away:
            raise StoreUnavailable("away")
        return await super().find(case_id)

    def stored(self) -> list[StoredCase]:
        return list(self._cases)


@dataclass
class Service:
    """``serving``, ``journal``, ``intakes`` and ``keys`` are in memory unless they are given; ``predictor`` makes what holds the
    models, ``beside``, from the service; None: the gateway holds them."""

    thresholds: tuple[float | None, float | None] = (None, None)
    partitions: int = 1
    serving: Any = field(default_factory=MemoryServing)
    journal: Any = field(default_factory=lambda: MemoryJournal("approval"))
    intakes: Any = None
    keys: Any = None
    masters: Any = None
    predictor: Any = None
    blobs: Any = None
    tasks: dict[str, TaskSpec] = field(default_factory=lambda: {"loans": loans(), "other": loans("other")})

    def __post_init__(self) -> None:
        self.key, self.client = issue(Principal("ada", frozenset({Role.CLIENT}), frozenset({"loans"})), NOW, lambda n: b"a" * n)
        self.reviewer_key, reviewer = issue(Principal("rob", frozenset({Role.REVIEWER})), NOW, lambda n: b"b" * n)
        self.keys = self.keys or MemoryKeys(self.client, reviewer)
        self.intakes = self.intakes or [FlakyIntake(self.serving) for _ in range(self.partitions)]
        self.model = Echo()
        self.beside = self.predictor and self.predictor(self)
        self.gateway = Gateway(self._ports())
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.gateway), base_url="http://gateway")
        self._head, self._seq = GENESIS, 0
        self._loop, self.loaded = asyncio.get_running_loop(), asyncio.Event()

    def _ports(self) -> GatewayPorts:
        return GatewayPorts(
            tasks=self.tasks,
            policies=policies(self.tasks, *self.thresholds),
            intakes=self.intakes,
            serving=self.serving,
            journal=self.journal,
            artifacts=Artifacts(),
            load=self._load,
            keys=self.keys,
            telemetry=Telemetry(),
            wall=lambda: NOW,
            masters=self.masters,
            predictor=self.beside,
            blobs=self.blobs,
        )

    def _load(self, data: bytes, labels: tuple[str, ...], width: int) -> Echo:
        self._loop.call_soon_threadsafe(self.loaded.set)
        return self.model

    async def deploy(
        self, *versions: tuple[str, float], task: str = "loans", journalled: bool = True, publish: bool = True, **now: Any
    ) -> Pointer:
        """Publish the next generation, with its journal entry unless it is forged; ``now`` is what else is in force."""
        published = (await self.serving.current()).get(task)
        generation = published.generation + 1 if published else 1
        plain = [list(version) for version in versions]
        event = {"type": "Deployed", "task": task, "generation": generation, "versions": plain, "approval_id": f"{task}-1"}
        event |= {"digest": versions[-1][0], **now}
        if journalled:
            await self._write(event)
        pointer = Pointer(generation, versions, self._seq, **now)
        if publish:
            await self.serving.publish(task, pointer)
        return pointer

    async def _write(self, event: dict[str, Any]) -> None:
        body = Commit(NOW, 1, "keeper", "r", "Deploy", str(self._seq), "", {}, [event]).encode()
        entry = follow(self._head, self._seq + 1, body)
        await self.journal.append(await self.journal.open_epoch(), self._seq, [entry])
        self._head, self._seq = entry.hash, entry.seq

    async def decide(
        self, features: Any, key: str = "k1", metadata: dict[str, Any] | None = None, **headers: str
    ) -> httpx2.Response:
        body = {"features": features} | ({} if metadata is None else {"metadata": metadata})
        return await self.send(json.dumps(body).encode(), **{"idempotency-key": key, **headers})

    async def send(self, body: bytes, task: str = "loans", **headers: str) -> httpx2.Response:
        given = {"authorization": f"Bearer {self.key}", "content-type": "application/json", **headers}
        return await self.http.post(f"/v1/tasks/{task}/decisions", content=body, headers=given)

    def stored(self) -> list[StoredCase]:
        return [case for intake in self.intakes for case in intake.stored()]
