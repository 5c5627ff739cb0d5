"""Run a challenger's model in a process of its own, so that its failures affect nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ray

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.routing.prediction import Prediction
from hitl.tasks import TaskSpec
from serve_app.http.telemetry import json_log

CPUS = 0.05
LOADED_WITHIN_S = 120.0
"""A process that starts and imports its libraries beside a busy service."""

log = json_log()


@dataclass(frozen=True, slots=True)
class ScorerStores:
    """Where models and files of cases lie."""

    artifact_uri: str
    blob_uri: str


class ScoringProcess:
    """The actor: loads the artifact once; a model of pictures reads those of cases. Its constructor raises for bytes that do not
    load."""

    def __init__(self, stores: ScorerStores, spec: TaskSpec, digest: str) -> None:
        from hitl.adapters.pictures.stored import StoredPictures
        from hitl.inference import load  # only here: the keeper itself shall not carry torch and scikit-learn
        from serve_app.decisions.connecting import seeing
        from serve_app.decisions.predictor import Loaded

        classifier = load(ArtifactStore(stores.artifact_uri).get(digest), tuple(spec.labels), spec.width)
        seen = seeing(classifier, StoredPictures(stores.blob_uri))
        self._model, self._task = Loaded(digest, seen, is_quick=False, within_s=LOADED_WITHIN_S), spec

    async def score(self, vectors: Sequence[Any]) -> list[Prediction | None]:
        from serve_app.decisions.predictor import predictions_of

        return await predictions_of(self._model, vectors, self._task.policy.uncertainty)


class RayScorer:
    """serve_app.reconcilers.shadow.ShadowScoring: one process at a time; one that dies or hangs is replaced at the next turn."""

    def __init__(self, stores: ScorerStores) -> None:
        self._stores = stores
        self._actor_class = ray.remote(num_cpus=CPUS, max_restarts=0)(ScoringProcess)
        self._actors: dict[str, tuple[str, Any]] = {}

    async def __call__(self, spec: TaskSpec, digest: str, vectors: Sequence[Any]) -> Sequence[Prediction | None] | None:
        actor = self._actor(spec, digest)
        try:
            said: list[Prediction | None] = await asyncio.wait_for(actor.score.remote(list(vectors)), LOADED_WITHIN_S)
        except (ray.exceptions.RayError, TimeoutError) as error:
            log.warning("a challenger failed in the shadow", task=spec.task, digest=digest, why=repr(error)[:500])
            self._end(spec.task)
            return None
        return said

    def _actor(self, spec: TaskSpec, digest: str) -> Any:
        known = self._actors.get(spec.task)
        if known is not None and known[0] == digest:
            return known[1]
        self._end(spec.task)
        self._actors[spec.task] = digest, self._actor_class.remote(self._stores, spec, digest)
        return self._actors[spec.task][1]

    def _end(self, task: str) -> None:
        known = self._actors.pop(task, None)
        if known is not None:
            ray.kill(known[1])
