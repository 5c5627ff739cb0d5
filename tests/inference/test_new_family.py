"""The recipe of docs/how-to-add.md: a family in one file, and everything else as for the shipped ones."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import Classifier, load
from hitl.inference.classifier import Probabilities
from hitl.inference.families import ALONE, FAMILIES, Family, WorkerPlace, family_named
from hitl.inference.rows import NUMBERS, Rows
from hitl.inference.sample import TrainingSample
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of
from hitl.tasks import TaskSpec, load_task
from training.calibrate import calibrate, keep_back
from training.model import fit_and_pack
from training.trial import cross_validate

MAGIC = b"shares:"
TASK = Path("configs/tasks/breast_cancer.yaml").read_text(encoding="utf-8")


class SharesModel:
    """Answers each row with the shares of the labels in training."""

    def __init__(self, labels: tuple[str, ...], width: int, shares: list[float], calibration: Calibrator | None) -> None:
        self.labels, self.width, self._shares, self.calibration = labels, width, shares, calibration

    def predict(self, rows: Rows) -> Probabilities:
        return np.tile(np.array(self._shares), (len(rows), 1))

    def calibrated(self, calibration: Calibrator | None) -> "SharesModel":
        return SharesModel(self.labels, self.width, self._shares, calibration)

    def to_bytes(self) -> bytes:
        calibration = None if self.calibration is None else plain_of(self.calibration)
        return MAGIC + json.dumps([self.labels, self.width, self._shares, calibration]).encode()


class SharesFamily(Family):
    name = "label_shares"
    reads = frozenset({NUMBERS})
    file_ending = "json"

    def fit(self, sample: TrainingSample, params: dict[str, Any], seed: int, place: WorkerPlace = ALONE) -> Classifier:
        if params:
            raise InvalidConfig("model", "params", f"{self.name} has no parameters")
        counts = Counter(sample.targets.tolist())
        shares = [counts[i] / len(sample.targets) for i in range(len(sample.labels))]
        return SharesModel(sample.labels, sample.rows.shape[1], shares, None)

    def recognises(self, data: bytes) -> bool:
        return data.startswith(MAGIC)

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        its_labels, its_width, shares, calibration = json.loads(data.removeprefix(MAGIC))
        if (tuple(its_labels), its_width) != (labels, width):
            raise ValueError("expected the task's labels and width")
        return SharesModel(labels, width, shares, None if calibration is None else calibrator_from(calibration))


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> TaskSpec:
    monkeypatch.setitem(FAMILIES, SharesFamily.name, SharesFamily())
    task = load_task(TASK, "a file")
    return task.model_copy(update={"model": task.model.model_copy(update={"family": "label_shares", "params": {}, "search": {}})})


@pytest.fixture
def sample(spec: TaskSpec) -> TrainingSample:
    return held_out_sample(split(spec).initial, tuple(spec.labels))


def test_a_new_family_is_trained_calibrated_packed_and_loaded_like_the_others(spec: TaskSpec, sample: TrainingSample) -> None:
    train, kept = keep_back(sample, spec.model.calibration, seed=0)
    packed = calibrate(fit_and_pack(spec.model.family, train, {}, seed=0), kept, spec)
    model = load(packed, tuple(spec.labels), spec.width)
    assert (model.width, model.labels) == (spec.width, tuple(spec.labels))
    assert model.predict(sample.rows).shape == (len(sample.rows), len(spec.labels))


def test_a_new_family_is_searched_like_the_others(spec: TaskSpec, sample: TrainingSample) -> None:
    assert 0 < cross_validate(spec.model, sample, {}, seed=0)["log_loss"] < 1


def test_a_new_family_is_known_to_task_files(spec: TaskSpec) -> None:
    assert spec.model.family in FAMILIES
    text = json.dumps(spec.model_dump(mode="json") | {"input": {"kind": "text"}})
    with pytest.raises(InvalidConfig, match="a task over text needs"):
        load_task(text, "a file")


def test_an_artifact_of_the_new_family_for_another_task_is_refused(spec: TaskSpec, sample: TrainingSample) -> None:
    with pytest.raises(ArtifactRejected):
        load(fit_and_pack(spec.model.family, sample, {}, seed=0), ("a", "b"), spec.width)


@pytest.mark.parametrize("name", ["torch_mlp", "sklearn.naive_bayes.GaussianNB", "sentence_mlp"])
def test_a_replica_imports_at_its_start_what_its_families_load_with(name: str) -> None:
    """In a process of its own: this one has imported everything."""
    needed = family_named(name).loads_with
    code = f"import sys; from hitl.inference.families import import_libraries as do; do([{name!r}], 'cpu'); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert needed
    assert set(needed) <= set(told.stdout.split())
