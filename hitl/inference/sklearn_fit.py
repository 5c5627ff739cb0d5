"""Fit a scikit-learn estimator behind a scaler or a text encoder; it needs ``fit`` and ``predict_proba``."""

import pydoc
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import has_fit_parameter

from hitl.errors import InvalidConfig
from hitl.inference.rows import NUMBERS, TEXT, RowForm, form_of_rows
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.inference.sklearn_model import text_encoder

BEFORE: dict[RowForm, tuple[Callable[[], list[Any]], type]] = {
    NUMBERS: (lambda: [StandardScaler()], np.float64),
    TEXT: (text_encoder, object),
}
"""The steps before the estimator, and the type of the rows that they read."""


def fit(family: str, sample: TrainingSample, params: Hyperparameters, seed: int) -> Pipeline:
    """Fit the pipeline on label indices. Raises InvalidConfig for a parameter that the estimator does not have."""
    estimator: Any = pydoc.locate(family)()  # type: ignore[operator]
    known = estimator.get_params()
    unknown = sorted(params.keys() - known.keys())
    if unknown:
        raise InvalidConfig("model", "params", f"{family} has no {unknown[0]!r}")
    estimator.set_params(**({"random_state": seed} if "random_state" in known else {}), **params)
    before, dtype = BEFORE[form_of_rows(sample.rows)]
    return make_pipeline(*before(), estimator).fit(sample.rows.astype(dtype), sample.targets, **_weights(estimator, sample))


def _weights(estimator: Any, sample: TrainingSample) -> dict[str, NDArray[np.float32]]:
    """Weights for the estimators that take them; for the others a weighted example counts once."""
    step = type(estimator).__name__.lower()
    return {f"{step}__sample_weight": sample.weights} if has_fit_parameter(estimator, "sample_weight") else {}
