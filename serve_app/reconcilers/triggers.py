"""Start retrainings automatically: journal the trigger once, submit its job, record the result.

The journal comes first: whoever dies between two steps leaves a trigger that the next turn carries on, and a job's id is made
of the trigger's key, so that it is submitted once.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from hitl.canonical import fingerprint
from hitl.errors import Unavailable
from hitl.learning.journalled.commands import NoteJob, TriggerRetraining
from hitl.learning.journalled.questions import Retrainings
from hitl.learning.journalled.state import JobStatus
from hitl.learning.journalled.views import RetrainingView
from hitl.learning.triggers import TriggerFacts, due
from hitl.machine import Envelope
from hitl.machine.asked import A, Command
from hitl.machine.shards import APPROVAL, LEARNING, Shards, review_shards
from hitl.review import Counters
from hitl.serving.questions import History
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from hitl.tasks.book import is_removed
from hitl.trace_context import TraceContext
from hitl.tracing import SpanKind, Tracer
from serve_app.http.telemetry import json_log

KEEPER = "keeper"

log = json_log()


class TrainingLauncher(Protocol):
    """hitl.adapters.ray.training_jobs.RayTrainingJobs."""

    def submit(self, job_id: str, entrypoint: str) -> None: ...

    def report(self, job_id: str) -> Any: ...


class Entrypoint(Protocol):
    """hitl.adapters.ray.training_jobs.RetrainingJob."""

    @property
    def key_file(self) -> Path: ...

    def entrypoint(self, task: str, trigger: str, trace: TraceContext | None = None) -> str: ...


class Triggers:
    """One turn of the loop for every task that has ``retrain`` terms, and for every trigger that an operator pulled.
    ``tracer`` None: tracing is off."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        partitions: int,
        jobs: TrainingLauncher,
        job: Entrypoint,
        wall: Callable[[], float] = time.time,
        tracer: Tracer | None = None,
    ) -> None:
        self._tracer = tracer
        self._shards, self._tasks, self._partitions = shards, tasks, partitions
        self._jobs, self._job, self._wall = jobs, job, wall

    async def once(self) -> None:
        known = (await self._shards.ask(LEARNING, Retrainings())).retrainings
        for task, spec in self._tasks.items():
            if spec.retrain is not None and not is_removed(self._tasks, task):
                await self._look(spec, [one for one in known if one.task == task])
        for one in (await self._shards.ask(LEARNING, Retrainings())).retrainings:
            await self._carry_on(one)

    async def _look(self, spec: TaskSpec, before: list[RetrainingView]) -> None:
        assert spec.retrain is not None
        found = due(spec.task, spec.retrain, await self._seen(spec.task), before, self._wall())
        if found is not None:
            command = TriggerRetraining(spec.task, found.key, found.reason, found.manifest)
            answer = await self._submit(command, f"trigger:{found.key}")
            log.info("retraining triggered", task=spec.task, key=found.key, reason=found.reason, is_new=answer.is_new)

    async def _seen(self, task: str) -> TriggerFacts:
        history = (await self._shards.ask(APPROVAL, History(task))).history
        serving = history[-1] if history else None
        counts = [await self._shards.ask(shard, Counters()) for shard in review_shards(self._partitions)]
        champion = main_version(serving)
        return TriggerFacts(
            labels=sum(count.tasks.get(task, {}).get("decided", 0) for count in counts),
            champion=champion,
            champion_since=since(history, champion),
            generation=0 if serving is None else serving.generation,
            alarms={} if serving is None else dict(serving.stopped),
        )

    async def _carry_on(self, one: RetrainingView) -> None:
        job_id = job_id_of(one.key)
        try:
            if one.status is JobStatus.TRIGGERED and self._job.key_file.is_file():
                await self._start(one, job_id)
                await self._submit(NoteJob(one.key, job_id, "submitted"), f"submitted:{one.key}")
            elif one.status is JobStatus.SUBMITTED:
                await self._follow(one.key, job_id)
        except Unavailable as error:
            log.warning("retraining waits", key=one.key, error=str(error))

    async def _start(self, one: RetrainingView, job_id: str) -> None:
        """Start its job, which goes on with a trace of ours where tracing is on."""
        if self._tracer is None:
            return await asyncio.to_thread(self._jobs.submit, job_id, self._job.entrypoint(one.task, one.key))
        about = {"hitl.task": one.task, "hitl.trigger": one.key, "hitl.job_id": job_id}
        span, error = self._tracer.start(f"retrain {one.task}", SpanKind.PRODUCER, None, about), "the job was not taken"
        try:
            entrypoint = self._job.entrypoint(one.task, one.key, span.context)
            await asyncio.to_thread(self._jobs.submit, job_id, entrypoint)
            error = ""
        finally:
            span.end(error or None)

    async def _follow(self, key: str, job_id: str) -> None:
        report = await asyncio.to_thread(self._jobs.report, job_id)
        state, detail = ("failed", "Ray does not know the job") if report is None else (str(report.state), report.detail)
        if state != "running":
            await self._submit(NoteJob(key, job_id, state, detail), f"{state}:{key}")
            log.info("retraining ended", key=key, state=state, detail=detail[-500:])

    async def _submit(self, command: Command[A], command_id: str) -> A:
        return await self._shards.submit(LEARNING, Envelope(command, command_id, fingerprint([command_id]), KEEPER, command_id))


def main_version(serving: ServingView | None) -> str | None:
    """Return the digest with the largest share; None while nothing serves."""
    versions = [] if serving is None else serving.versions
    return max(versions, key=lambda version: version[1])[0] if versions else None


def since(history: Sequence[ServingView], champion: str | None) -> float:
    """UTC seconds since when ``champion`` has the largest share without a break: a new policy or certificate does not count."""
    start = 0.0
    for serving in reversed(history):
        if main_version(serving) != champion:
            break
        start = serving.since or 0.0
    return start


def job_id_of(key: str) -> str:
    """Return the job's id in Ray: the same for the same trigger."""
    return f"retrain-{fingerprint(['retraining', key])[:24]}"
