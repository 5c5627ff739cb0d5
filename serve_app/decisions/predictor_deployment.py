"""The predictor on Ray Serve, and the handle by which gateways call it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from redis.asyncio import Redis

from hitl.adapters.endpoints.http_endpoint import open_endpoints
from hitl.adapters.endpoints.terms import EndpointTerms
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.pictures.stored import StoredPictures
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.ray.start_limit import limit_start, note_started
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import HitlError
from hitl.inference.artifact import load
from hitl.inference.families import import_libraries
from hitl.inference.remote.ports import Endpoints
from hitl.machine.shards import APPROVAL
from hitl.routing.prediction import Prediction
from hitl.tasks.book import TaskBook
from serve_app.decisions.connecting import connecting
from serve_app.decisions.held_elsewhere import held_elsewhere
from serve_app.decisions.predictor_answering import Answering
from serve_app.decisions.remote_predictor import PredictionCall
from serve_app.decisions.serving_models import ModelSource, ServingModels
from serve_app.http.telemetry import Telemetry, speak_at
from serve_app.setup.args import ServeArgs
from serve_app.setup.definitions import FOLLOW_EVERY_S, definition_reader
from serve_app.setup.policies import policies
from serve_app.setup.records import journal_of


def make_models(args: ServeArgs, book: TaskBook, endpoints: Endpoints, client: Redis, telemetry: Telemetry) -> ServingModels:
    """Make the models that serve the definitions in force, from the real store behind ``client`` and its journal; those that are
    remote call ``endpoints``, and those that read pictures read the files of cases."""
    in_force = book.in_force()
    tasks = {task: in_force[task] for task in held_elsewhere(args.predictor, in_force)}
    models = ServingModels(
        tasks,
        ValkeyServing(client, args.partitions),
        journal_of(client, APPROVAL, args.archive_uri),
        ModelSource(
            ArtifactStore(args.artifact_uri),
            connecting(partial(load, device=args.device), endpoints, StoredPictures(args.blob_uri)),
        ),
        telemetry,
        policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
    )
    models.definitions = book.adopted()
    return models


class PredictorDeployment:
    """One replica: it follows the serving pointers and the definitions by itself and answers gateways. ``book`` has the
    definitions of its start."""

    async def __init__(  # type: ignore[misc]
        self, args: ServeArgs, book: TaskBook, endpoints: Mapping[str, EndpointTerms]
    ) -> None:
        limit_start(args.start_s)
        speak_at(args.log_level)
        self._args, self._book, self._endpoints, self._client = args, book, open_endpoints(endpoints), connect(args.redis_url)
        self._reader, self._telemetry = definition_reader(self._client, args.archive_uri), Telemetry()
        self._import_families()
        self._take_up()
        self._following = asyncio.create_task(self._follow())
        tune_garbage_collection()

    def _import_families(self) -> None:
        """Import what the models of the definitions in force need: torch takes seconds."""
        import_libraries((spec.model.family for spec in self._book.in_force().values()), self._args.device)

    def _take_up(self) -> None:
        """Hold the models of the definitions in force, in the place of those of before."""
        models = make_models(self._args, self._book, self._endpoints, self._client, self._telemetry)
        self._answering = Answering(models)
        self._watch = asyncio.create_task(models.watch())
        self._known = self._book.known

    async def _follow(self) -> None:
        while True:
            try:
                await self._reader.refresh(self._book)
                if self._known != self._book.known:  # also where the last look could not take them up
                    old = self._watch
                    await asyncio.to_thread(self._import_families)
                    self._take_up()
                    old.cancel()
            except HitlError as error:
                self._telemetry.warn("definitions not read", why=str(error))
            await asyncio.sleep(FOLLOW_EVERY_S)

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        return await self._answering.answer(calls)

    async def adopt(self, task: str, generation: int) -> bool:
        return await self._answering.adopt(task, generation)

    async def check_health(self) -> None:
        """Asked by Serve. Raises when the watch over the serving pointers has ended."""
        note_started()
        if self._watch.done() or self._following.done():
            raise RuntimeError("the watch over the serving pointers or the definitions has ended")


class Handle:
    """serve_app.decisions.remote_predictor.Predictor by a Serve handle."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        said: list[list[Prediction | None]] = await self._handle.answer.remote(calls)
        return said

    async def adopt(self, task: str, generation: int) -> bool:
        return bool(await self._handle.adopt.remote(task, generation))
