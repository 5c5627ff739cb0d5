"""Hold the serving models for gateways that hold none; one call answers one micro-batch."""

import asyncio
from collections.abc import Sequence

from hitl.errors import StoreUnavailable
from hitl.routing.prediction import Prediction
from serve_app.decisions.predictor import Loaded, predictions_of
from serve_app.decisions.remote_predictor import PredictionCall
from serve_app.decisions.serving_models import ServingModels
from serve_app.http.telemetry import json_log

log = json_log()


class Answering:
    """A remote Predictor (serve_app.decisions.remote_predictor) over the deployed models.

    It keeps those of the generation before, too: a gateway that has yet to swap still gets the version that it asks for.
    """

    def __init__(self, models: ServingModels) -> None:
        self._models = models

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        return await asyncio.gather(*(self._answered_alone(call) for call in calls))

    async def adopt(self, task: str, generation: int) -> bool:
        await self._models.refresh()
        served = self._models.current.get(task)  # a task that has just come into force may not be known here yet
        return served is not None and served.pointer.generation >= generation

    async def _answered_alone(self, call: PredictionCall) -> list[Prediction | None]:
        """What fails for one call fails for no other."""
        try:
            return await self._answered(call)
        except Exception:  # the calls are of several tasks
            log.exception("a call failed", task=call.task, model=call.digest)
            return [None] * len(call.rows)

    async def _answered(self, call: PredictionCall) -> list[Prediction | None]:
        model = await self._held(call)
        if model is None:
            log.error("a version was asked for that does not serve", task=call.task, model=call.digest)
            return [None] * len(call.rows)
        return await predictions_of(model, call.rows, call.uncertainty)

    async def _held(self, call: PredictionCall) -> Loaded | None:
        """Looked for again once the pointers were read: a gateway may hear of a swap first."""
        model = self._models.held(call.task, call.digest)
        if model is not None:
            return model
        try:
            await self._models.refresh()
        except StoreUnavailable as error:
            log.warning("serving pointers not read", why=str(error))
        return self._models.held(call.task, call.digest)
