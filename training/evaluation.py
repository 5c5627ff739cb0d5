"""Evaluate the candidate and the serving model on the same held-out rows: the evidence of the approval."""

from dataclasses import dataclass
from typing import Any

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import Classifier, load
from hitl.inference.sample import TrainingSample
from hitl.learning import DataSet
from hitl.learning.evidence import compare, judge
from hitl.quality.calibration import apply
from hitl.quality.held_out import held_out_scores
from hitl.tasks import TaskSpec
from training.api import TrainingApi
from training.calibrate import believability
from training.code_version import code_version
from training.tuning import TuningResult

SEED = 0
"""Of the resampling behind the intervals."""


@dataclass(frozen=True, slots=True)
class Champion:
    """The model that serves the task now, loaded from the bytes that it serves from."""

    digest: str
    model: Classifier


def champion_of(spec: TaskSpec, api: TrainingApi, store: ArtifactStore) -> Champion | None:
    """None for a task's first model. Raises ArtifactRejected when the serving bytes are not in the store."""
    digest = api.champion(spec.task)
    return None if digest is None else Champion(digest, load(store.get(digest), tuple(spec.labels), spec.width))


def verdicts(spec: TaskSpec, held_out: TrainingSample, candidate: Classifier, champion: Champion | None) -> dict[str, Any]:
    """Each model's figures and, with a champion, where the two differ."""
    band, after = spec.policy.automatic, candidate.predict(held_out.rows)
    judged = _judged(candidate, held_out, band)
    if champion is None:
        return {"candidate": judged, "champion": None, "comparison": None}
    before = champion.model.predict(held_out.rows)
    return {
        "candidate": judged,
        "champion": {"digest": champion.digest} | _judged(champion.model, held_out, band),
        "comparison": compare(after, before, held_out.targets),
    }


def _judged(model: Classifier, held_out: TrainingSample, band: float) -> dict[str, Any]:
    """The model's figures as it would serve: calibrated."""
    said = apply(model.calibration, model.predict(held_out.rows))
    figures = judge(said.probabilities, held_out.targets, held_out.labels, band, said.confidence)
    return figures | {"believability": believability(model, held_out, SEED)}


def held_out_rows(candidate: Classifier, held_out: TrainingSample) -> dict[str, Any]:
    """The scores of the candidate on the held-out rows: where the tests of its certificate begin."""
    said = apply(candidate.calibration, candidate.predict(held_out.rows))
    predicted = said.probabilities.argmax(axis=1)
    return held_out_scores(said.confidence, predicted, predicted != held_out.targets, held_out.labels)


def provenance(spec: TaskSpec, data: DataSet, found: TuningResult, seed: int) -> dict[str, Any]:
    """The origin of the candidate: configuration, trials, data, code, seeds."""
    manifest = data.manifest()
    return {
        "task": spec.task,
        "family": spec.model.family,
        "params": found.params,
        "trials": found.trials,
        "data": {name: manifest[name] for name in ("digest", "rows", "sources", "labels", "held_out")},
        "code": code_version(),
        "seeds": {"data": spec.data.seed, "training": seed},
    }
