"""One task through the service: its first model by approval, its stream with people at work, and then its held-out rows."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import LabelledRows, SplitData, features_of
from hitl.client import AsyncClient
from hitl.inference import pack
from hitl.quality.automation import SETTLING_S
from hitl.tasks import TaskSpec
from tests.measure.over_http.desk import Desk
from tests.measure.over_http.service import Service
from tests.measure.simulated_reviewers import Crowd
from training.data import freeze_data
from training.model import fit
from training.sample import sample_of

Answer: TypeAlias = Mapping[str, Any]

SEED = 0
IN_FLIGHT = 25
CHUNK = 100
"""Cases that may be open at once: the next are sent when people have decided these."""
DEPLOYED_WITHIN_S = 120.0
IN_FORCE_WITHIN_S = 120.0
REST_EVERY = 700
REST_S = SETTLING_S + 6.0
"""A stream of days takes a minute here, and a certificate leaves out the newest minute: after so many cases, and at the end, the
stream rests until they are old enough and the keeper, which looks every two seconds, has seen them."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """The answers to the stream's cases and to the held-out ones, in the order of their rows; what people made of those that
    they decided, by row; how much they did; and what the service says of its certificates."""

    answers: list[Answer]
    held_out: list[Answer]
    settled: dict[int, str]
    work: dict[str, int]
    certificate: Mapping[str, Any]


async def stream(service: Service, spec: TaskSpec, parts: SplitData, crowd: Crowd, held_out: int) -> Streamed:
    """``parts.rest`` as traffic, which the ``crowd`` answers, and then the first ``held_out`` of the held-out rows."""
    async with AsyncClient(service.url, service.keys["client"]) as client:
        await _deploy(service, spec, client, await asyncio.to_thread(first_model, spec, parts))
        keys = {name: key for name, key in service.keys.items() if name.startswith(f"{spec.task}-")}
        async with Desk(service.url, spec.task, keys, spec.labels, crowd) as desk:
            answers = await _paced(client, spec, parts.rest, desk)
            settled = {desk.row_of[case]: label for case, label in desk.settled.items()}
            work = {"answers": desk.answers, "experts": desk.experts}
        await asyncio.sleep(REST_S)
        async with AsyncClient(service.url, service.keys["approver-1"]) as person:
            certificate = await _certificate(person, spec.task)
        unseen = await _send(client, spec, parts.holdout, range(min(held_out, len(parts.holdout.rows))), None)
    return Streamed(answers, unseen, settled, work, certificate)


async def _certificate(person: AsyncClient, task: str) -> Mapping[str, Any]:
    """What the service says of the certificates of ``task``. A keeper on a busy machine looks later: for a while it is waited
    until it has put in force what they allow."""
    until = time.monotonic() + IN_FORCE_WITHIN_S
    while True:
        found: Mapping[str, Any] = await person.certificate(task)
        shown = [segment for segments in found["models"].values() for segment in segments.values()]
        is_behind = any(each["threshold"] is not None and each["in_force"] is None and not each["stopped"] for each in shown)
        if not is_behind or time.monotonic() > until:
            return found
        await asyncio.sleep(1.0)


def first_model(spec: TaskSpec, parts: SplitData) -> bytes:
    """Fitted on the task's initial rows alone."""
    sample = sample_of(freeze_data(spec, parts, []), tuple(spec.labels))
    return pack(fit(spec.model.family, sample, spec.model.params, SEED))


async def _deploy(service: Service, spec: TaskSpec, client: AsyncClient, data: bytes) -> None:
    """Two approvers vote for exactly these bytes; returns when they serve."""
    digest = await asyncio.to_thread(ArtifactStore(service.artifact_uri).put, data)
    async with AsyncClient(service.url, service.keys["trainer"]) as trainer:
        asked = await trainer.request_approval(spec.task, digest, "first model, from the initial rows", {})
    for name in ("approver-1", "approver-2"):
        async with AsyncClient(service.url, service.keys[name]) as approver:
            await approver.vote(asked["approval_id"], "approve", digest)
    async with asyncio.timeout(DEPLOYED_WITHIN_S):
        while digest not in [each["digest"] for each in (await client.task(spec.task))["serving"]["versions"]]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _paced(client: AsyncClient, spec: TaskSpec, rows: LabelledRows, desk: Desk) -> list[Answer]:
    """CHUNK cases at a time, with rests."""
    answers: list[Answer] = []
    for at in range(0, len(rows.labels), CHUNK):
        if at and at % REST_EVERY == 0:
            await asyncio.sleep(REST_S)
        sent = await _send(client, spec, rows, range(at, min(at + CHUNK, len(rows.labels))), desk)
        await desk.wait_for([each["case_id"] for each in sent if each["route"]["action"] != "automatic"])
        answers += sent
    return answers


async def _send(client: AsyncClient, spec: TaskSpec, rows: LabelledRows, at: Sequence[int], desk: Desk | None) -> list[Answer]:
    """The service's answers, in the order of the rows; the ``desk`` hears which case is which row."""
    room = asyncio.Semaphore(IN_FLIGHT)

    async def one(row: int) -> Answer:
        async with room:
            answer = await client.decide(spec.task, features_of(spec, rows.rows[row]))
        if desk is not None:
            desk.row_of[answer["case_id"]] = row
        return answer

    return list(await asyncio.gather(*(one(row) for row in at)))
