"""Calibrate a model on rows kept back from training."""

import numpy as np
from numpy.typing import NDArray

from hitl.inference import Classifier, load, pack
from hitl.inference.families import family_named
from hitl.inference.sample import TrainingSample
from hitl.quality.calibration import Calibrator, fit_isotonic, fit_temperature
from hitl.tasks import TaskSpec
from hitl.tasks.model_spec import CalibrationTerms

MIN_ROWS = 50
"""Under it nothing is kept back: the rows teach the model more than they could tell of its confidence."""

ISOTONIC_ROWS = 1_000
"""From it an isotonic map bends with the data rather than with its noise; under it a temperature is fitted in its place."""


def keep_back(sample: TrainingSample, terms: CalibrationTerms, seed: int) -> tuple[TrainingSample, TrainingSample | None]:
    """Return the rows to train on and the rows to calibrate on, drawn with ``seed``; None for the latter where they are too
    few."""
    kept = int(len(sample.rows) * terms.share)
    if terms.method == "none" or kept < MIN_ROWS:
        return sample, None
    order = np.random.default_rng(seed).permutation(len(sample.rows))
    back = _without_rare(sample, order[:kept])
    return sample.take(np.setdiff1d(order, back)), sample.take(np.sort(back))


def _without_rare(sample: TrainingSample, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """``rows`` but those of a label that the others would lack: they have to teach it."""
    rest = np.delete(sample.targets, rows)
    return rows[np.isin(sample.targets[rows], rest)]


def calibrate(packed: bytes, kept: TrainingSample | None, spec: TaskSpec) -> bytes:
    """Return the artifact with its calibration inside: the digest covers it, so that another calibration is another model."""
    if kept is None:
        return packed
    model = load(packed, tuple(spec.labels), spec.width)
    return pack(model.calibrated(_fit(model, kept, spec)))


def _fit(model: Classifier, kept: TrainingSample, spec: TaskSpec) -> Calibrator:
    probabilities, method = model.predict(kept.rows), spec.model.calibration.method
    wants_isotonic = method == "isotonic" or (method == "auto" and family_named(spec.model.family).is_bendable)
    if wants_isotonic and len(kept.rows) >= ISOTONIC_ROWS:
        return fit_isotonic(probabilities, kept.targets)
    return fit_temperature(probabilities, kept.targets)
