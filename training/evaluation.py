"""Evaluate the candidate and the serving model on the same held-out rows: the evidence of the approval."""

from dataclasses import dataclass
from typing import TypedDict

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import Classifier, load
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.learning import DataSet
from hitl.learning.dataset import HeldOutRows
from hitl.learning.evidence import HeldOutFigures, PairedCounts, compare, judge
from hitl.learning.pack_form import PromotionPack
from hitl.quality.calibration import apply
from hitl.tasks import TaskSpec
from training.api import TrainingApi
from training.calibrate import Believability, believability
from training.code_version import code_version
from training.tuning import TrialRow, TuningResult

SEED = 0
"""Of the resampling behind the intervals."""


@dataclass(frozen=True, slots=True)
class Champion:
    """The model that serves the task now, loaded from the bytes that it serves from."""

    digest: str
    model: Classifier


class ModelVerdict(HeldOutFigures):
    """A model's figures as it would serve, with those of its calibration."""

    believability: Believability


class ChampionVerdict(ModelVerdict):
    """The figures of the model that serves now."""

    digest: str


class Verdicts(TypedDict):
    """Each model's figures; ``champion`` and ``comparison`` are None for a task's first model."""

    candidate: ModelVerdict
    champion: ChampionVerdict | None
    comparison: PairedCounts | None


class DataOrigin(TypedDict):
    """What a candidate learned from: parts of hitl.learning.dataset.DataManifest."""

    digest: str
    rows: int
    sources: dict[str, int]
    labels: dict[str, int]
    held_out: HeldOutRows


class Provenance(TypedDict):
    """The origin of a candidate: configuration, trials, data, code, seeds."""

    task: str
    family: str
    params: Hyperparameters
    trials: list[TrialRow]
    data: DataOrigin
    code: dict[str, str]
    seeds: dict[str, int]


class Evidence(Verdicts, Provenance):
    """What approvers see of a candidate; ``trigger`` is the key of the retraining, None where a person started it."""

    promotion: PromotionPack
    trigger: str | None


def champion_of(spec: TaskSpec, api: TrainingApi, store: ArtifactStore) -> Champion | None:
    """None for a task's first model. Raises ArtifactRejected when the serving bytes are not in the store."""
    digest = api.champion(spec.task)
    return None if digest is None else Champion(digest, load(store.get(digest), tuple(spec.labels), spec.width))


def verdicts(spec: TaskSpec, held_out: TrainingSample, candidate: Classifier, champion: Champion | None) -> Verdicts:
    """Each model's figures and, with a champion, where the two differ."""
    band, after = spec.policy.automatic, candidate.predict(held_out.rows)
    judged = _judged(candidate, held_out, band)
    if champion is None:
        return {"candidate": judged, "champion": None, "comparison": None}
    before = champion.model.predict(held_out.rows)
    return {
        "candidate": judged,
        "champion": {**_judged(champion.model, held_out, band), "digest": champion.digest},
        "comparison": compare(after, before, held_out.targets),
    }


def _judged(model: Classifier, held_out: TrainingSample, band: float) -> ModelVerdict:
    """The model's figures as it would serve: calibrated."""
    said = apply(model.calibration, model.predict(held_out.rows))
    figures = judge(said.probabilities, held_out.targets, held_out.labels, band, said.confidence)
    return {**figures, "believability": believability(model, held_out, SEED)}


def provenance(spec: TaskSpec, data: DataSet, found: TuningResult, seed: int) -> Provenance:
    """The origin of the candidate: configuration, trials, data, code, seeds."""
    manifest = data.manifest()
    return {
        "task": spec.task,
        "family": spec.model.family,
        "params": found.params,
        "trials": found.trials,
        "data": {
            "digest": manifest["digest"],
            "rows": manifest["rows"],
            "sources": manifest["sources"],
            "labels": manifest["labels"],
            "held_out": manifest["held_out"],
        },
        "code": code_version(),
        "seeds": {"data": spec.data.seed, "training": seed},
    }
