"""Load the serving model, which a candidate is compared with, and say where the candidate comes from."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import load
from hitl.learning import DataSet
from hitl.learning.held_out import NamedModel
from hitl.tasks import TaskSpec
from training.api import TrainingApi
from training.code_version import code_version

Champion: TypeAlias = NamedModel
"""The model that serves the task now, loaded from the bytes that it serves from."""


def champion_of(spec: TaskSpec, api: TrainingApi, store: ArtifactStore) -> Champion | None:
    """None for a task's first model. Raises ArtifactRejected when the serving bytes are not in the store."""
    digest = api.champion(spec.task)
    return None if digest is None else Champion(digest, load(store.get(digest), tuple(spec.labels), spec.width))


def provenance(
    spec: TaskSpec, data: DataSet, params: Mapping[str, Any], trials: list[dict[str, Any]], seed: int
) -> dict[str, Any]:
    """The origin of the candidate: configuration, trials (none: it was imported), data, code, seeds."""
    manifest = data.manifest()
    return {
        "task": spec.task,
        "family": spec.model.family,
        "params": dict(params),
        "trials": trials,
        "data": {name: manifest[name] for name in ("digest", "rows", "sources", "labels", "held_out")},
        "code": code_version(),
        "seeds": {"data": spec.data.seed, "training": seed},
    }
