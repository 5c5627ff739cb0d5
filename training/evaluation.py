"""Load the serving model, which a candidate is compared with, and say where the candidate comes from."""

from collections.abc import Mapping
from typing import TypeAlias, TypedDict

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import JsonObject
from hitl.inference import load
from hitl.inference.families import is_carded
from hitl.learning import DataSet
from hitl.learning.dataset import HeldOutRows
from hitl.learning.held_out import NamedModel, Verdicts
from hitl.learning.pack_form import PromotionPack
from hitl.tasks import TaskSpec
from training.api import TrainingApi
from training.code_version import code_version
from training.trial_row import TrialRow

Champion: TypeAlias = NamedModel
"""The model that serves the task now, loaded from the bytes that it serves from."""


class DataOrigin(TypedDict):
    """What a candidate learned from: parts of hitl.learning.dataset.DataManifest."""

    digest: str
    rows: int
    sources: dict[str, int]
    labels: dict[str, int]
    held_out: HeldOutRows


class Provenance(TypedDict):
    """The origin of a candidate: configuration, trials (none: it was imported), data, code, seeds."""

    task: str
    family: str
    params: dict[str, object]
    trials: list[TrialRow]
    data: DataOrigin
    code: dict[str, str]
    seeds: dict[str, int]


class ImportFindings(TypedDict):
    """What was found while a model was imported."""

    source: JsonObject
    admission: JsonObject
    comparison: JsonObject


_OfImport = TypedDict("_OfImport", {"import": ImportFindings})


class Evidence(Verdicts, Provenance):
    """What approvers see of a candidate; ``trigger`` is the key of the retraining, None where a person started it."""

    promotion: PromotionPack
    trigger: str | None


class ImportEvidence(Evidence, _OfImport):
    """What they see of a model that was trained elsewhere."""


def champion_of(spec: TaskSpec, api: TrainingApi, store: ArtifactStore) -> Champion | None:
    """None for a task's first model, and where a card serves: nobody can ask what runs elsewhere about rows. Raises
    ArtifactRejected when the serving bytes are not in the store."""
    digest = api.champion(spec.task)
    if digest is None:
        return None
    data = store.get(digest)
    return None if is_carded(data) else Champion(digest, load(data, tuple(spec.labels), spec.width))


def provenance(spec: TaskSpec, data: DataSet, params: Mapping[str, object], trials: list[TrialRow], seed: int) -> Provenance:
    """Return the origin of the candidate: configuration, trials (none: it was imported), data, code, seeds."""
    manifest = data.manifest()
    return {
        "task": spec.task,
        "family": spec.model.family,
        "params": dict(params),
        "trials": trials,
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
