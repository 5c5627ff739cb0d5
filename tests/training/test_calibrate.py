"""The calibration travels inside the artifact, and is fitted on rows that the model has not seen."""

import numpy as np
import pytest

from hitl.canonical import digest_of
from hitl.inference import SklearnModel, TorchMlp, load, pack
from hitl.inference.sample import TrainingSample
from hitl.inference.torch_mlp import Mlp
from hitl.learning.held_out import believability
from hitl.quality.calibration import Calibrator, Isotonic, Temperature, apply, calibrator_from, plain_of
from hitl.tasks.model_spec import CalibrationTerms
from training.calibrate import keep_back
from training.model import fit

LABELS = ("a", "b")
BENT = Isotonic((0.5, 0.9, 1.0), (0.5, 0.7, 0.9))


def blobs(n: int, seed: int = 0) -> TrainingSample:
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 2, n)
    rows = (rng.normal(size=(n, 2)) + 1.2 * targets[:, None]).astype(np.float32)
    return TrainingSample(rows, targets, np.ones(n, dtype=np.float32), LABELS)


@pytest.mark.parametrize("calibration", [None, Temperature(2.0), BENT])
def test_a_torch_artifact_brings_its_calibration_back(calibration: Calibrator | None) -> None:
    model = TorchMlp(LABELS, Mlp(2, 4, 2), {}).calibrated(calibration)
    assert load(pack(model), LABELS, 2).calibration == calibration


def test_a_scikit_learn_artifact_brings_its_calibration_back() -> None:
    model = fit("sklearn.linear_model.LogisticRegression", blobs(50), {}, 0)
    assert isinstance(model, SklearnModel)
    assert load(pack(model.calibrated(BENT)), LABELS, 2).calibration == BENT


def test_another_calibration_is_another_model() -> None:
    model = TorchMlp(LABELS, Mlp(2, 4, 2), {})
    digests = {digest_of(pack(model.calibrated(each))) for each in (None, Temperature(2.0), Temperature(3.0))}
    assert len(digests) == 3


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"kind": "temperature", "temperature": 0.0},
        {"kind": "temperature", "temperature": float("nan")},
        {"kind": "isotonic", "at": [0.5, 0.4], "to": [0.1, 0.2]},
        {"kind": "isotonic", "at": [0.5, 0.6], "to": [0.9, 0.2]},
        {"kind": "isotonic", "at": [0.5], "to": [1.5]},
        {"kind": "isotonic", "at": ["0.5"], "to": [0.5]},
    ],
)
def test_a_forged_calibration_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected a temperature"):
        calibrator_from(plain)


def test_a_calibration_survives_being_written_down() -> None:
    assert [calibrator_from(plain_of(each)) for each in (Temperature(1.5), BENT)] == [Temperature(1.5), BENT]


def test_the_kept_rows_are_not_trained_on() -> None:
    sample = blobs(1000)
    fitting, kept = keep_back(sample, CalibrationTerms(share=0.2), seed=1)
    assert kept is not None
    assert (len(fitting.rows), len(kept.rows)) == (800, 200)
    assert {tuple(row) for row in fitting.rows.tolist()}.isdisjoint(tuple(row) for row in kept.rows.tolist())


def test_few_rows_all_train_and_nothing_is_calibrated() -> None:
    assert keep_back(blobs(100), CalibrationTerms(), seed=1)[1] is None


def test_a_temperature_scales_probabilities_and_an_isotonic_map_only_the_confidence() -> None:
    row = np.array([[0.9, 0.1]])
    cooled, bent = apply(Temperature(2.0), row), apply(BENT, row)
    assert (round(float(cooled.confidence[0]), 3), cooled.raw[0]) == (0.75, 0.9)
    assert cooled.probabilities[0].max() == cooled.confidence[0]
    assert (round(float(bent.confidence[0]), 3), bent.probabilities[0].tolist()) == (0.7, [0.9, 0.1])


def test_the_evidence_shows_what_the_calibration_is_worth() -> None:
    model = fit("sklearn.linear_model.LogisticRegression", blobs(400), {}, 0).calibrated(Temperature(0.2))
    shown = believability(model, blobs(2000, seed=5), 0)
    assert shown["ece"]["value"] > 2 * shown["ece_before"]["value"]
    assert sum(each["count"] for each in shown["reliability"]) == 2000
    assert shown["calibration"]["temperature"] == 0.2
