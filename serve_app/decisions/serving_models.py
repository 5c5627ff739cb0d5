"""Keep the serving models in step with the approval journal; a pointer that the journal contradicts is refused."""

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from hitl.approval.events import EVENTS, ApprovalEvent
from hitl.errors import ArtifactRejected, ChainBroken, HitlError, StaleGeneration, StoreUnavailable
from hitl.inference.classifier import Classifier
from hitl.inference.families import family_named
from hitl.inference.remote.model import RemoteModel
from hitl.inference.rows import blank_rows
from hitl.intake.ports import Pointer, Serving
from hitl.journal import GENESIS, Journal
from hitl.journal.entry import check_link
from hitl.machine.shards import APPROVAL
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Steering, steering_of
from hitl.serving.events import ServingChanged
from hitl.serving.in_force import FIELDS, InForce
from hitl.tasks import TaskSpec
from serve_app.decisions.predictor import Loaded, PredictorRow, TaskModels, predict
from serve_app.decisions.remote_predictor import RemotePredictors
from serve_app.decisions.unloadable import Unloadable
from serve_app.http.telemetry import Telemetry

POLL_S = 0.25
BACK_OFF_S = 1.0
WARM_UP_ROWS = 64
QUICK_S = 0.003
"""A full batch under this time is computed on the event loop; a thread switch costs about a tenth of it."""

BATCHES_THAT_WAIT = 16
"""Micro-batches of one remote model at a time: one for each gateway and partition. Others wait their turn."""

ENCODED_WITHIN_S = 60.0
"""For a micro-batch through an encoder: up to 64 pictures are read, decoded and encoded, or as many long texts."""

OVERHEAD_S = 1.0
"""Beyond the time of a remote model's endpoint: what is late is left out there, and the rest comes back."""

Load = Callable[[bytes, tuple[str, ...], int], Classifier]


class Artifacts(Protocol):
    """Bytes by digest; blocks. Raises ArtifactRejected or StoreUnavailable."""

    def get(self, digest: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ModelSource:
    """The source of models: their bytes, and how bytes become a model."""

    artifacts: Artifacts
    load: Load


class ServingModels:
    """``current`` is the table in force, each task's models, policy and thresholds of one generation together; ``refresh``
    brings it up to date and changes it in one step, after the new model is loaded and has answered. Whatever fails leaves the
    old generation in place: the intake then refuses its cases as stale. The models of the generation before stay loaded beside
    the new ones. With ``elsewhere`` another process holds the models of all tasks or of some. ``definitions`` are the digests of
    those that votes put in force, by task: a pointer of another one is for whoever knows that."""

    def __init__(
        self,
        tasks: Mapping[str, TaskSpec],
        serving: Serving,
        journal: Journal,
        source: ModelSource,
        telemetry: Telemetry,
        configured: Mapping[str, CompiledPolicy],
        elsewhere: RemotePredictors | None = None,
    ) -> None:
        self._tasks, self._serving, self._journal = tasks, serving, journal
        self._configured, self._elsewhere = configured, elsewhere
        self.definitions: Mapping[str, str] = {}
        self._artifacts, self._load, self._telemetry = source.artifacts, source.load, telemetry
        self._refreshing = asyncio.Lock()
        self._complained: dict[str, tuple[Pointer, str]] = {}
        self.current = {task: TaskModels(Steering(configured[task])) for task in tasks}
        self._previous = dict[str, TaskModels]()
        self._tried = itertools.count()

    async def predict(self, rows: Sequence[PredictorRow], served: Mapping[str, TaskModels]) -> list[Prediction | None]:
        """Return the predictions of ``rows`` by ``served``, in order; None for a case that people must decide."""
        elsewhere = self._elsewhere
        if elsewhere is None:
            return await predict(rows, served)
        held = [elsewhere.holds(row.task) for row in rows]
        there = [row for row, is_there in zip(rows, held, strict=True) if is_there]
        here = [row for row, is_there in zip(rows, held, strict=True) if not is_there]
        said = await asyncio.gather(predict(here, served), elsewhere.predict(there, served))
        ours, theirs = map(iter, said)
        return [next(theirs if is_there else ours) for is_there in held]

    def held(self, task: str, digest: str) -> Loaded | None:
        """Return the model, if it serves or did one generation ago."""
        served = (self.current.get(task), self._previous.get(task))
        models = (loaded for each in served if each is not None for loaded in each.models)
        return next((loaded for loaded in models if loaded.digest == digest), None)

    async def refresh(self) -> None:
        """Adopt what is published now. Raises StoreUnavailable when that cannot be read."""
        async with self._refreshing:
            published = await self._serving.current()
            for task in self._tasks:
                pointer = published.get(task)
                if pointer is not None and pointer.generation > self.current[task].pointer.generation:
                    await self._adopt(task, pointer)

    async def watch(self) -> None:
        """Refresh for ever; what the store says when it is away is heard by the requests themselves."""
        while True:
            was_read = await self._was_read()
            await asyncio.sleep(POLL_S if was_read else BACK_OFF_S)

    async def _was_read(self) -> bool:
        try:
            await self.refresh()
        except StoreUnavailable as error:
            self._telemetry.warn("serving pointers not read", why=str(error))
            return False
        except Exception as error:  # noqa: BLE001 - a pointer that cannot be read must not end the watch over the others
            self._telemetry.failed("serving-watch", error)
            return False
        return True

    async def _adopt(self, task: str, pointer: Pointer) -> None:
        try:
            if pointer.definition != self.definitions.get(task):
                raise StaleGeneration(task, self.current[task].pointer.generation, pointer.generation)
            await self._check(task, pointer)
            steering = steering_of(in_force_of(pointer), self._configured[task], self._tasks[task].labels)
            models = await self._models(task, pointer)
        except HitlError as error:
            self._complain(task, pointer, error)
            return
        if steering.shadow_refused is not None:
            self._telemetry.warn("shadow policy not asked", task=task, why=steering.shadow_refused)
        self._previous[task] = self.current[task]
        self.current = {**self.current, task: TaskModels(steering, pointer, models)}
        self._telemetry.swapped(task, pointer)

    async def _models(self, task: str, pointer: Pointer) -> tuple[Loaded, ...]:
        """Raises ArtifactRejected or StoreUnavailable."""
        if self._elsewhere is None or not self._elsewhere.holds(task):
            return tuple([await asyncio.to_thread(self._model, task, digest, pointer) for digest, _ in pointer.versions])
        await self._elsewhere.adopt(task, pointer)
        return ()

    async def _check(self, task: str, pointer: Pointer) -> None:
        """Raises ArtifactRejected or ChainBroken unless the journal's entry deployed exactly this."""
        entries = await self._journal.read(max(pointer.journal_seq - 2, 0), 2)
        named = next((entry for entry in entries if entry.seq == pointer.journal_seq), None)
        if named is None:
            raise ChainBroken(APPROVAL, pointer.journal_seq)
        check_link(APPROVAL, GENESIS if named.seq == 1 else entries[0].hash, pointer.journal_seq, named)
        if not any(_deploys(event, task, pointer) for event in EVENTS.read(named.body).events):
            raise ArtifactRejected(",".join(digest for digest, _ in pointer.versions), "the journal did not deploy it")

    def _model(self, task: str, digest: str, pointer: Pointer) -> Loaded:
        """Runs in a thread. The digest is the identity: a model that serves already is used again. Raises ArtifactRejected
        for the main version alone: a challenger that cannot be loaded here answers nothing, and the others go on."""
        loaded = self.held(task, digest)
        if loaded is not None and not isinstance(loaded.classifier, Unloadable):
            return loaded
        spec = self._tasks[task]
        try:
            classifier = self._load(self._artifacts.get(digest), tuple(spec.labels), spec.width)
        except ArtifactRejected as error:
            if digest == max(pointer.versions, key=lambda version: version[1])[0]:
                raise
            self._complain(task, pointer, error)
            classifier = Unloadable(tuple(spec.labels), spec.width, error)
        if isinstance(classifier, RemoteModel):  # nobody pays for a warm-up
            return _waiting(digest, classifier)
        if family_named(spec.model.family).has_encoder:  # ``load`` has warmed it up by a row: 128 of them take seconds
            return Loaded(digest, classifier, is_quick=False, within_s=ENCODED_WITHIN_S)
        return Loaded(digest, classifier, self._is_quick(digest, classifier))

    def _is_quick(self, digest: str, classifier: Classifier) -> bool:
        """A model that fails its warm-up serves: its cases go to people and count against it, and the others' go on."""
        try:
            return _warm_up_s(classifier, next(self._tried)) < QUICK_S
        except Exception as error:  # noqa: BLE001 - a model is code that people trained: it may raise anything
            self._telemetry.warn("model failed its warm-up", model=digest, why=repr(error))
            return False

    def _complain(self, task: str, pointer: Pointer, error: HitlError) -> None:
        """Once for each pointer and reason: the watcher asks four times a second."""
        if self._complained.get(task) != (pointer, str(error)):
            self._complained[task] = (pointer, str(error))
            self._telemetry.warn("serving pointer refused", task=task, generation=pointer.generation, why=str(error))


def _waiting(digest: str, model: RemoteModel) -> Loaded:
    threads = ThreadPoolExecutor(BATCHES_THAT_WAIT, thread_name_prefix=f"waiting-{digest[:8]}")
    return Loaded(digest, model, is_quick=False, waiting_threads=threads, within_s=model.within_s + OVERHEAD_S)


def _deploys(event: ApprovalEvent, task: str, pointer: Pointer) -> bool:
    if not isinstance(event, ServingChanged):
        return False
    said = (event.task, event.generation, event.versions)
    return said == (task, pointer.generation, [*pointer.versions]) and event.in_force == in_force_of(pointer)


def in_force_of(pointer: Pointer) -> InForce:
    return InForce(**{name: getattr(pointer, name) for name in FIELDS})


def _warm_up_s(classifier: Classifier, number: int) -> float:
    """Seconds of the second full batch: the first one pays for what is only done once. ``number`` is that of the trial."""
    first, second = (blank_rows(classifier.width, WARM_UP_ROWS, (2 * number + half) * WARM_UP_ROWS) for half in (0, 1))
    classifier.predict(first)
    start = time.perf_counter()
    classifier.predict(second)
    return time.perf_counter() - start
