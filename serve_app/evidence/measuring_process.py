"""The process that measures a candidate: its models' files and the task in, figures out."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import msgspec
import numpy as np

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.canonical import JsonObject, canonical
from hitl.errors import ArtifactRejected, InvalidConfig, InvalidInput, StoreUnavailable
from hitl.inference import Classifier, load
from hitl.inference.classifier import Probabilities
from hitl.inference.families import family_named, is_carded
from hitl.inference.rows import Rows
from hitl.inference.sample import TrainingSample
from hitl.learning.held_out import NamedModel, pack_on_held_out, verdicts
from hitl.quality.calibration import Calibrator
from hitl.tasks import TaskSpec
from serve_app.evidence.measuring import MAX_WHY, MeasureRequest, MeasureResult


def main(*files: str) -> None:
    """``files`` are the candidate's and, where there is one, the champion's."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=MeasureRequest)
    try:
        said = _measured(asked, [Path(file) for file in files])
    except ArtifactRejected as error:
        said = MeasureResult(refused=error.digest, why=error.why[:MAX_WHY])
    except (InvalidConfig, InvalidInput, StoreUnavailable) as error:
        said = MeasureResult(why=str(error)[:MAX_WHY])
    sys.stdout.buffer.write(canonical(msgspec.to_builtins(said)))


def _measured(asked: MeasureRequest, files: Sequence[Path]) -> MeasureResult:
    spec = TaskSpec.model_validate_json(asked.spec)
    held_out = held_out_sample(split(spec, Path(asked.datasets_dir)).holdout, tuple(spec.labels))
    named = zip((asked.candidate, asked.champion), files, strict=False)
    measured = _memory_for(spec)
    models = [_loaded(spec, digest, file, measured) for digest, file in named if not is_carded(file.read_bytes())]
    candidate, champion = models[0], models[1] if len(models) > 1 else None
    _require_answers(candidate, held_out)
    figures = verdicts(spec, held_out, candidate.model, champion)
    pack = pack_on_held_out(spec, held_out, candidate, champion)
    return MeasureResult(cast(JsonObject, {**figures, "promotion": pack}))


def _require_answers(candidate: NamedModel, held_out: TrainingSample) -> None:
    """A model may answer the one row that it was tried on, and overflow on others."""
    if not np.isfinite(candidate.model.predict(held_out.rows)).all():
        raise ArtifactRejected(candidate.digest, "it gives no usable probabilities on the held-out rows")


def _memory_for(spec: TaskSpec) -> Callable[[Classifier], Classifier]:
    """How models of the task are measured: over an encoder, each row is encoded once for all models over that one."""
    if not family_named(spec.model.family).has_encoder:
        return lambda model: model
    from hitl.inference.vector_memory import VectorMemory  # only here: it needs ONNX Runtime, an optional package

    return VectorMemory(StoredPictures("")).measured  # held-out pictures are labelled files: none of a case is read here


def _loaded(spec: TaskSpec, digest: str | None, file: Path, measured: Callable[[Classifier], Classifier]) -> NamedModel:
    model = load(file.read_bytes(), tuple(spec.labels), spec.width, "cpu")
    return NamedModel(digest or "", _AskedOnce(measured(model)))


class _AskedOnce:
    """A hitl.inference.Classifier that answers one set of rows from memory when it is asked again: every figure asks anew."""

    def __init__(self, model: Classifier) -> None:
        self._model, self._answers = model, dict[int, Probabilities]()
        self.labels, self.width, self.calibration = model.labels, model.width, model.calibration

    def predict(self, rows: Rows) -> Probabilities:
        if id(rows) not in self._answers:
            self._answers[id(rows)] = self._model.predict(rows)
        return self._answers[id(rows)]

    def calibrated(self, calibration: Calibrator | None) -> Classifier:
        return self._model.calibrated(calibration)

    def to_bytes(self) -> bytes:
        return self._model.to_bytes()
