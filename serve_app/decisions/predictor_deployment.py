"""The predictor on Ray Serve, and the handle by which gateways call it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from hitl.adapters.endpoints.http_endpoint import open_endpoints
from hitl.adapters.endpoints.terms import EndpointTerms
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.pictures.stored import StoredPictures
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.inference.artifact import load
from hitl.inference.families import import_libraries
from hitl.inference.remote.ports import Endpoints
from hitl.machine.shards import APPROVAL
from hitl.routing.prediction import Prediction
from hitl.tasks import TaskSpec
from serve_app.decisions.connecting import connecting
from serve_app.decisions.predictor_answering import Answering
from serve_app.decisions.remote_predictor import PredictionCall
from serve_app.decisions.serving_models import ModelSource, ServingModels
from serve_app.http.telemetry import Telemetry, speak_at
from serve_app.setup.args import ServeArgs
from serve_app.setup.policies import policies
from serve_app.setup.records import journal_of


def make_models(args: ServeArgs, tasks: Mapping[str, TaskSpec], endpoints: Endpoints) -> ServingModels:
    """Make the models that serve, from the real store and journal; those that are remote call ``endpoints``, and those that read
    pictures read the files of cases. Connects with its first command."""
    client = connect(args.redis_url)
    return ServingModels(
        tasks,
        ValkeyServing(client, args.partitions),
        journal_of(client, APPROVAL, args.archive_uri),
        ModelSource(
            ArtifactStore(args.artifact_uri),
            connecting(partial(load, device=args.device), endpoints, StoredPictures(args.blob_uri)),
        ),
        Telemetry(),
        policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
    )


class PredictorDeployment:
    """One replica: it follows the serving pointers by itself and answers gateways."""

    async def __init__(  # type: ignore[misc]
        self, args: ServeArgs, tasks: Mapping[str, TaskSpec], endpoints: Mapping[str, EndpointTerms]
    ) -> None:
        speak_at(args.log_level)
        import_libraries(spec.model.family for spec in tasks.values())
        models = make_models(args, tasks, open_endpoints(endpoints))
        self._answering = Answering(models)
        self._watch = asyncio.create_task(models.watch())

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        return await self._answering.answer(calls)

    async def adopt(self, task: str, generation: int) -> bool:
        return await self._answering.adopt(task, generation)

    async def check_health(self) -> None:
        """Asked by Serve. Raises when the watch over the serving pointers has ended."""
        if self._watch.done():
            raise RuntimeError("the watch over the serving pointers has ended")


class Handle:
    """serve_app.decisions.remote_predictor.Predictor by a Serve handle."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        said: list[list[Prediction | None]] = await self._handle.answer.remote(calls)
        return said

    async def adopt(self, task: str, generation: int) -> bool:
        return bool(await self._handle.adopt.remote(task, generation))
