"""The review application over memory, with a key for each kind of person, and cases put straight into its intake."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.canonical import canonical
from hitl.errors import Unauthenticated
from hitl.identity import Principal, Role
from hitl.ids import case_id, partition_of
from hitl.intake import CaseRecord, IntakeBatch
from hitl.intake.memory import MemoryIntake
from hitl.machine import Envelope
from hitl.machine.shards import shard_of_case
from hitl.partitioning import Partitioning
from hitl.review import OpenReview
from hitl.routing.route import Action, Priority
from hitl.sealing import Keyring, MemoryDataKeys
from hitl.tasks import load_tasks
from serve_app.api.app import review_app
from serve_app.api.services.context import ApiPorts
from serve_app.setup.policies import policies
from tests.review_app.in_process import InProcessShards
from tests.without_undo import without_undo

PARTITIONS = 2
PARTITIONING = Partitioning((PARTITIONS,))
PEOPLE = {
    "client": Role.CLIENT,
    "client-2": Role.CLIENT,
    "reviewer": Role.REVIEWER,
    "reviewer-2": Role.REVIEWER,
    "expert": Role.EXPERT,
    "approver": Role.APPROVER,
    "approver-2": Role.APPROVER,
    "trainer": Role.TRAINER,
    "operator": Role.OPERATOR,
}
FEATURES = [0.0] * 64


async def by_name(authorization: str | None) -> Principal:
    """A key is its owner's name; ``stranger`` knows another task only, ``operator-of-digits`` that one."""
    name = (authorization or "").removeprefix("Bearer ")
    if name == "stranger":
        return Principal(name, frozenset({Role.REVIEWER, Role.EXPERT, Role.APPROVER}), frozenset({"other"}))
    if name == "operator-of-digits":
        return Principal(name, frozenset({Role.OPERATOR}), frozenset({"digits"}))
    if name not in PEOPLE:
        raise Unauthenticated("no valid key")
    return Principal(name, frozenset({PEOPLE[name]}))


class World:
    """The application and everything behind it."""

    def __init__(self) -> None:
        self.tasks = without_undo(load_tasks([Path("configs/tasks/digits.yaml")]))
        self.shards = InProcessShards(self.tasks, PARTITIONS)
        self.intakes = [MemoryIntake() for _ in range(PARTITIONS)]
        self.ports = ApiPorts(self.tasks, self.shards, self.intakes, by_name, policies=policies(self.tasks, None, None))
        self.ports = replace(self.ports, masters=Keyring([bytes(32)]), approval_keys=MemoryDataKeys(), public_url="http://hitl")
        self.serve()

    def serve(self) -> None:
        """Make the application over ``ports``."""
        transport = httpx2.ASGITransport(review_app(self.ports), raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://hitl")

    async def call(self, method: str, path: str, who: str | None = None, body: Any = None, **headers: str) -> httpx2.Response:
        """One request; headers with underscores for dashes."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            given["authorization"] = f"Bearer {who}"
        return await self.http.request(method, path, json=body, headers=given)

    async def case(
        self, key: str, action: Action = Action.REVIEW, priority: Priority = Priority.NORMAL, streams: list[str] | None = None
    ) -> str:
        """A routed case of ``client``, queued if it is for people."""
        record = replace(_record(key, action, None if action is Action.AUTOMATIC else priority), streams=streams or [])
        return await self.keep(record, {"features": FEATURES, "metadata": {"ward": "7"}})

    async def case_of(self, task: str, key: str, prediction: str, payload: dict[str, Any]) -> str:
        """A case of another task, for people, of which the model says ``prediction`` with a confidence of 0.9."""
        labels = self.tasks[task].labels
        shares = [0.9 if label == prediction else 0.1 / (len(labels) - 1) for label in labels]
        record = replace(_record(key, Action.REVIEW, Priority.NORMAL), task=task, prediction=prediction, probabilities=shares)
        return await self.keep(replace(record, case_id=case_id(b"secret", "client", task, key)), payload)

    async def keep(self, record: CaseRecord, clear: dict[str, Any]) -> str:
        """Put the case into its intake, and its review into the queue if it is for people."""
        intake = self.intakes[partition_of(record.case_id, PARTITIONS)]
        payload = canonical(clear)
        appended = await intake.append(IntakeBatch("g", {}, [record], [payload], 1, [""]))
        if record.is_for_people:
            command = OpenReview(record, appended.seqs[0])
            envelope = Envelope(command, f"open:{record.case_id}", "", "intake", record.request_id)
            await self.shards.submit(shard_of_case(record.case_id, PARTITIONING), envelope)
        return record.case_id

    async def claim(self, who: str = "reviewer", queue: str = "digits") -> dict[str, Any]:
        answer = await self.call("POST", f"/v1/queues/{queue}/claim", who)
        review: dict[str, Any] = answer.json()["review"]
        return review

    async def decide(self, review: dict[str, Any], who: str = "reviewer", key: str = "k", label: str = "3") -> httpx2.Response:
        body = {"lease": review["lease"]["id"], "label": label}
        return await self.call("POST", f"/v1/reviews/{review['review_id']}/decision", who, body, idempotency_key=key)

    async def state(self) -> str:
        """Everything that a request could have changed."""
        return json.dumps([await shard.plain() for shard in self.shards.shards.values()], sort_keys=True)


def _record(key: str, action: Action, priority: Priority | None) -> CaseRecord:
    return CaseRecord(
        case_id=case_id(b"secret", "client", "digits", key),
        request_id=f"request-{key}",
        task="digits",
        client="client",
        at=1.0,
        body_digest="b",
        payload_digest="p",
        salt="s",
        prediction="3",
        probabilities=[0.1] * 10,
        confidence=0.9,
        uncertainty=0.3,
        confidence_level="medium",
        action=action,
        reason="confidence 0.900 is not above 0.95: a person checks",
        priority=priority,
        model_version="d" * 64,
        policy_version="v" * 64,
        generation=1,
        processing_time=0.001,
    )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()
