"""Measure a candidate on the held-out rows in a process with limits: bytes of others answer far from what serves."""

import asyncio
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

import hitl
from hitl.adapters.checkers.limited import ProcessLimits, run_limited
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import JsonObject
from hitl.errors import ArtifactRejected, Overloaded, StoreUnavailable
from hitl.tasks import TaskSpec

GIB = 1024**3
MEMORY = 8 * GIB
"""Address space: torch alone takes several GiB of it, without using them."""

MOST_WAITING = 16
"""Requests whose candidate is measured or waits for it, in one replica."""

KEPT = 64
"""Results that are remembered: a repeated request is answered at once."""

PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from serve_app.evidence.measuring_process import main; main(sys.argv[2:])"

Subject: TypeAlias = tuple[str, str, str | None]
"""A task, the candidate's digest, and that of the model it is compared with."""


class Asked(msgspec.Struct):
    """What the process is told beside the models' files: the task, and where its rows are."""

    spec: str
    datasets_dir: str
    candidate: str
    champion: str | None


class Said(msgspec.Struct):
    """Either the figures, or ``refused`` (a digest) with the reason, or the reason why the rows cannot be read."""

    figures: JsonObject | None = None
    refused: str | None = None
    why: Annotated[str, msgspec.Meta(max_length=2000)] = ""


@dataclass(slots=True)
class MeasureCandidate:
    """``within_s`` are seconds of clock, and of processor time, in which both models must have answered."""

    artifact_uri: str
    datasets_dir: Path
    within_s: float
    _known: OrderedDict[Subject, JsonObject] = field(default_factory=OrderedDict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    async def __call__(self, spec: TaskSpec, digest: str, champion: str | None) -> JsonObject:
        """``candidate``, ``champion``, ``comparison`` and ``promotion`` as training makes them, without times.

        Raises ArtifactRejected for bytes that are not there, do not load or break a limit; StoreUnavailable while artifacts or
        rows cannot be read; Overloaded."""
        if self._waiting >= MOST_WAITING:
            raise Overloaded("the queue of candidates to measure", MOST_WAITING)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._once((spec.task, digest, champion), spec)
        finally:
            self._waiting -= 1

    async def _once(self, subject: Subject, spec: TaskSpec) -> JsonObject:
        if subject not in self._known:
            self._known[subject] = await self._measured(spec, subject[1], subject[2])
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[subject]

    async def _measured(self, spec: TaskSpec, digest: str, champion: str | None) -> JsonObject:
        store = await asyncio.to_thread(ArtifactStore, self.artifact_uri)
        with tempfile.TemporaryDirectory(prefix="hitl-measuring-") as folder:
            files = [await _fetched(store, each, Path(folder)) for each in (digest, champion) if each is not None]
            asked = Asked(spec.model_dump_json(), str(self.datasets_dir), digest, champion)
            return _read(await self._run(asked, files), digest)

    async def _run(self, asked: Asked, files: list[Path]) -> bytes:
        argv = (sys.executable, "-c", PROGRAM, str(Path(hitl.__file__).parents[1]), *map(str, files))
        limits = ProcessLimits(self.within_s, int(self.within_s) + 1, MEMORY)
        try:
            return await run_limited(argv, msgspec.json.encode(asked).decode(), limits, self._own_turn())
        except TimeoutError as error:
            why = f"it did not answer the held-out rows within {self.within_s:g} s"
            raise ArtifactRejected(asked.candidate, why) from error

    def _own_turn(self) -> asyncio.Semaphore:
        """Of this process alone, since only one is measured at a time: the checks of texts go on beside it."""
        return asyncio.Semaphore(1)


async def _fetched(store: ArtifactStore, digest: str, folder: Path) -> Path:
    file = folder / digest
    await asyncio.to_thread(lambda: file.write_bytes(store.get(digest)))
    return file


def _read(output: bytes, digest: str) -> JsonObject:
    try:
        said = msgspec.json.decode(output, type=Said)
    except msgspec.DecodeError as error:
        raise ArtifactRejected(digest, "the process that measured it died: it broke a limit of processor or memory") from error
    if said.figures is not None:
        return said.figures
    if said.refused is not None:
        raise ArtifactRejected(said.refused, said.why)
    raise StoreUnavailable(f"held-out rows: {said.why}")
