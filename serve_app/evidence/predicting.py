"""Ask the serving model about rows without opening cases, in a replica that serves no cases."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import InvalidRequest
from hitl.inference import load
from hitl.inference.classifier import Classifier
from hitl.inference.families import FAMILIES
from hitl.routing.prediction import Prediction
from hitl.tasks import TaskSpec, Vector
from serve_app.decisions.predictor import Loaded, predictions_of

Fit: TypeAlias = tuple[str, tuple[str, ...], int]
"""A model's digest, and the labels and the width that it was checked against when it was loaded."""

KEPT = 4
"""Models in the memory of a replica."""


@dataclass(frozen=True, slots=True)
class PredictRows:
    """A serve_app.api.services.context.Predict. One call of a model at a time: what serves cases runs elsewhere."""

    artifact_uri: str
    held: OrderedDict[Fit, Classifier] = field(default_factory=OrderedDict)
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def __call__(self, spec: TaskSpec, digest: str, vectors: Sequence[Vector], measure: str) -> list[Prediction | None]:
        """In order, None where the model gave no numbers. Raises InvalidRequest for a task whose model runs elsewhere, or whose
        cases are files (whose a file is, only a case says), ArtifactRejected for a model that does not fit the task as it is now,
        StoreUnavailable."""
        if FAMILIES[spec.model.family].is_carded or spec.input.files is not None:
            raise InvalidRequest("task", "a task whose model runs in this service, and whose cases are no files")
        async with self.turn:
            fit = (digest, tuple(spec.labels), spec.width)
            classifier = self.held.get(fit)
            if classifier is None:
                classifier = await asyncio.to_thread(self._loaded, fit)
            return await predictions_of(Loaded(digest, classifier, is_quick=False), vectors, measure)

    def _loaded(self, fit: Fit) -> Classifier:
        digest, labels, width = fit
        made = load(ArtifactStore(self.artifact_uri).get(digest), labels, width)
        self.held[fit] = made
        while len(self.held) > KEPT:
            self.held.popitem(last=False)
        return made
