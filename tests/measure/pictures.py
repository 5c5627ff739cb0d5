"""``python -m tests.measure.pictures``: a head over a real encoder on real pictures, with few labels and with many.

The models are made, calibrated and judged as a retraining does it, without a service. Then a threshold is certified on pictures
that neither model saw, and its error is counted on the last ones: build/wide/pictures.json.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.labelled_pictures import picture_rows
from hitl.adapters.files.labelled_sample import indices_of
from hitl.adapters.pictures.stored import StoredPictures
from hitl.cli.commands.recipe_files import read_recipe
from hitl.inference import load
from hitl.inference.classifier import Classifier
from hitl.inference.sample import TrainingSample
from hitl.learning.evidence import compare
from hitl.quality.calibration import apply, expected_calibration_error
from hitl.quality.certificate import RiskLevel, ScoredSample, Versions, certify, threshold_grid
from hitl.tasks import TaskSpec, load_task
from tests.measure.real_pictures import PLACE, real_encoder, real_pictures
from training.calibrate import calibrate, keep_back
from training.encoding import Encoding, encoding_of
from training.importing.encoders import import_encoder
from training.model import fit_and_pack
from training.trial import cross_validate

EXAMPLES = Path(__file__).parents[2] / "examples"
TASK = EXAMPLES / "tasks" / "picture_topics.yaml"
RECIPE = EXAMPLES / "encoders" / "open_nsfw.yaml"
OUTPUT = "Reshape:0"
FEW, MANY, HELD_OUT, PROVING, AFTER = 100, 500, 300, 400, 300
"""Pictures that the first and the second model learn from, that judge both, that certify, and that count the error afterwards."""

AT_ONCE = 50
"""Pictures between two writes of what was encoded: a run that ends early is gone on with."""

STRENGTHS = (0.0001, 0.001, 0.01, 0.1)
LEVELS = (0.05, 0.1, 0.2)


class Certified(TypedDict):
    """A threshold, the share of later pictures that it lets through, and how many of those are wrong; None: refused."""

    threshold: float | None
    share: float
    through: int
    wrong: int


def main() -> None:
    report = measured()
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "pictures.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def measured() -> dict[str, Any]:
    spec, store = load_task(TASK.read_text(encoding="utf-8"), str(TASK)), ArtifactStore(str(PLACE / "artifacts"))
    digest = import_encoder(real_encoder(), read_recipe(RECIPE), OUTPUT, store).digest
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": digest})})
    pictures = StoredPictures("")
    encoding = encoding_of(spec, store, pictures, lambda line: None)
    assert encoding is not None
    everything = _encoded(encoding, _sample(spec))
    pictures.close()
    held_out, learn, proving, after = _parts(everything)
    models = [_model(spec, encoding, learn.take(np.arange(count))) for count in (FEW, MANY)]
    said = [model.predict(held_out.rows) for model in models]
    return {
        "pictures": len(everything.rows),
        "encoder": digest,
        "labels": [FEW, MANY],
        "accuracy": [float((each.argmax(axis=1) == held_out.targets).mean()) for each in said],
        "ece": [_ece(model, held_out) for model in models],
        "comparison": compare(said[1], said[0], held_out.targets),
        "certified": {str(level): [_certified(model, held_out, proving, after, level) for model in models] for level in LEVELS},
    }


def _sample(spec: TaskSpec) -> TrainingSample:
    files, terms = real_pictures()[: HELD_OUT + MANY + PROVING + AFTER], spec.input.files
    assert terms is not None
    rows = picture_rows(Path("/"), [str(file.relative_to("/")) for file, _ in files], terms)
    labels = tuple(spec.labels)
    return TrainingSample(rows, indices_of([label for _, label in files], labels), np.ones(len(rows), np.float32), labels)


def _encoded(encoding: Encoding, sample: TrainingSample) -> TrainingSample:
    """The sample's vectors; those of a run before are read back."""
    file = PLACE / f"vectors-{encoding.encoder.digest[:12]}.npz"
    known = dict(np.load(file)) if file.exists() else {}
    new = np.array([at for at, row in enumerate(sample.rows) if row.sha256 not in known], dtype=np.int64)
    for start in range(0, len(new), AT_ONCE):
        part = sample.take(new[start : start + AT_ONCE])
        known |= dict(zip([row.sha256 for row in part.rows], encoding.encoded(part).rows, strict=True))
        np.savez(file, **known)
    return replace(sample, rows=np.stack([known[row.sha256] for row in sample.rows]))


def _parts(sample: TrainingSample) -> list[TrainingSample]:
    """Held out, to learn from, to certify on, and the rest; the order is random already."""
    return [sample.take(part) for part in np.split(np.arange(len(sample.rows)), np.cumsum([HELD_OUT, MANY, PROVING]))]


def _model(spec: TaskSpec, encoding: Encoding, sample: TrainingSample) -> Classifier:
    """As a retraining: search by cross-validation, fit, join, calibrate on what was kept back."""
    fitting, kept = keep_back(sample, spec.model.calibration, 0)
    losses = [cross_validate(spec.model, fitting, {"C": strength}, 0)["log_loss"] for strength in STRENGTHS]
    best = STRENGTHS[int(np.argmin(losses))]
    packed = encoding.joined(fit_and_pack(spec.model.family, fitting, {"C": best}, 0), tuple(spec.labels))
    return load(calibrate(packed, kept, spec), tuple(spec.labels), spec.width)


def _scored(model: Classifier, sample: TrainingSample) -> ScoredSample:
    said = apply(model.calibration, model.predict(sample.rows))
    return ScoredSample(said.confidence, said.probabilities.argmax(axis=1) != sample.targets)


def _ece(model: Classifier, held_out: TrainingSample) -> float:
    scored = _scored(model, held_out)
    found = expected_calibration_error(scored.scores, ~scored.wrong, np.random.default_rng(0))
    return float(found.plain()["value"] or 0.0)


def _certified(
    model: Classifier, held_out: TrainingSample, proving: TrainingSample, after: TrainingSample, level: float
) -> Certified:
    risk = RiskLevel(level, 0.9)
    grid = threshold_grid(_scored(model, held_out).scores, len(proving.rows), risk)
    threshold = certify(_scored(model, proving), grid, risk, Versions("pictures", "head", "bench")).threshold
    later = _scored(model, after)
    if threshold is None:
        return {"threshold": None, "share": 0.0, "through": 0, "wrong": 0}
    through = later.scores >= threshold
    return {
        "threshold": float(threshold),
        "share": float(through.mean()),
        "through": int(through.sum()),
        "wrong": int(later.wrong[through].sum()),
    }


if __name__ == "__main__":
    main()
