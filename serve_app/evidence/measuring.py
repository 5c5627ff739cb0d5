"""Measure a candidate on the held-out rows in a process with limits: bytes of others answer far from what serves."""

import asyncio
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from hitl.adapters.checkers.limited import ProcessLimits, program_of, run_limited
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import JsonObject
from hitl.errors import ArtifactRejected, Overloaded, StillMeasuring, StoreUnavailable
from hitl.tasks import TaskSpec

GIB = 1024**3
MEMORY = 8 * GIB
"""Address space: torch alone takes several GiB of it, without using them."""

ANSWER_WITHIN_S = 20.0
"""Clients give up an attempt after 30 s; what takes longer goes on, and their next attempt finds it."""

MOST_WAITING = 16
"""Candidates that are measured or wait for it, in one replica."""

KEPT = 64
"""Results that are remembered: a repeated request is answered at once."""

MODULE = "serve_app.evidence.measuring_process"

MAX_WHY = 2000
"""Characters of a reason."""

Subject: TypeAlias = tuple[str, str, str | None]
"""A task, the candidate's digest, and that of the model it is compared with."""


class MeasureRequest(msgspec.Struct):
    """What the process is told beside the models' files: the task, and where its rows are."""

    spec: str
    datasets_dir: str
    candidate: str
    champion: str | None


class MeasureResult(msgspec.Struct):
    """Either the figures, or ``refused`` (a digest) with the reason, or the reason why the rows cannot be read."""

    figures: JsonObject | None = None
    refused: str | None = None
    why: Annotated[str, msgspec.Meta(max_length=MAX_WHY)] = ""


class MeasureCandidate:
    """A serve_app.api.services.context.Measure. ``within_s`` are seconds of clock, and of processor time, in which both models
    must have answered; ``answer_within_s`` how long one request waits for it."""

    def __init__(self, artifact_uri: str, datasets_dir: Path, within_s: float, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._artifact_uri, self._datasets_dir = artifact_uri, datasets_dir
        self._within_s, self._answer_within_s = within_s, answer_within_s
        self._found: OrderedDict[Subject, asyncio.Task[JsonObject]] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    async def __call__(self, spec: TaskSpec, digest: str, champion: str | None) -> JsonObject:
        """``candidate``, ``champion``, ``comparison`` and ``promotion`` as training makes them, without times.

        Raises StillMeasuring, where a repeated request waits for the same process; ArtifactRejected for bytes that are not there,
        do not load or break a limit; StoreUnavailable while artifacts or rows cannot be read; Overloaded."""
        subject = (spec.task, digest, champion)
        task = self._found.get(subject) or self._begun(subject, spec)
        done, _ = await asyncio.wait({task}, timeout=self._answer_within_s)
        if not done:
            raise StillMeasuring(digest)
        if task.exception() is not None:  # told once: what is wrong may be mended before the next request
            self._forget(subject, task)
        return task.result()

    def _forget(self, subject: Subject, task: asyncio.Task[JsonObject]) -> None:
        """Another request that was told the same may have begun anew: that one stays."""
        if self._found.get(subject) is task:
            del self._found[subject]

    def _begun(self, subject: Subject, spec: TaskSpec) -> asyncio.Task[JsonObject]:
        running = sum(not task.done() for task in self._found.values())
        if running >= MOST_WAITING:
            raise Overloaded("the queue of candidates to measure", MOST_WAITING)
        self._found[subject] = asyncio.create_task(self._in_turn(spec, subject[1], subject[2]))
        for known in [each for each, task in self._found.items() if task.done()][:-KEPT]:
            del self._found[known]
        return self._found[subject]

    async def _in_turn(self, spec: TaskSpec, digest: str, champion: str | None) -> JsonObject:
        async with self._turn:
            store = await asyncio.to_thread(ArtifactStore, self._artifact_uri)
            with tempfile.TemporaryDirectory(prefix="hitl-measuring-") as folder:
                files = [await _fetched(store, each, Path(folder)) for each in (digest, champion) if each is not None]
                asked = MeasureRequest(spec.model_dump_json(), str(self._datasets_dir), digest, champion)
                return _read(await self._run(asked, files), digest)

    async def _run(self, asked: MeasureRequest, files: list[Path]) -> bytes:
        argv = program_of(MODULE, *map(str, files))
        limits = ProcessLimits(self._within_s, int(self._within_s) + 1, MEMORY)
        try:
            # A turn of its own, since only one is measured at a time: the checks of texts go on beside it.
            return await run_limited(argv, msgspec.json.encode(asked).decode(), limits, asyncio.Semaphore(1))
        except TimeoutError as error:
            why = f"it did not answer the held-out rows within {self._within_s:g} s"
            raise ArtifactRejected(asked.candidate, why) from error


async def _fetched(store: ArtifactStore, digest: str, folder: Path) -> Path:
    file = folder / digest
    await asyncio.to_thread(lambda: file.write_bytes(store.get(digest)))
    return file


def _read(output: bytes, digest: str) -> JsonObject:
    try:
        said = msgspec.json.decode(output, type=MeasureResult)
    except msgspec.DecodeError as error:
        raise ArtifactRejected(digest, "the process that measured it died: it broke a limit of processor or memory") from error
    if said.figures is not None:
        return said.figures
    if said.refused is not None:
        raise ArtifactRejected(said.refused, said.why)
    raise StoreUnavailable(f"held-out rows: {said.why}")
