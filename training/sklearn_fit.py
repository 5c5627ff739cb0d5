"""Fit a scikit-learn estimator behind a scaler or a text encoder; it needs ``fit`` and ``predict_proba``."""

import pydoc
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import has_fit_parameter

from hitl.errors import InvalidConfig
from hitl.inference.sklearn_model import text_encoder
from training.sample import Sample


def fit(family: str, sample: Sample, params: dict[str, Any], seed: int) -> Pipeline:
    """The pipeline fitted on label indices. Raises InvalidConfig for a parameter that the estimator does not have."""
    estimator: Any = pydoc.locate(family)()  # type: ignore[operator]
    known = estimator.get_params()
    unknown = sorted(params.keys() - known.keys())
    if unknown:
        raise InvalidConfig("model", "params", f"{family} has no {unknown[0]!r}")
    estimator.set_params(**({"random_state": seed} if "random_state" in known else {}), **params)
    is_text = sample.rows.dtype == object
    rows = sample.rows if is_text else sample.rows.astype(np.float64)
    before = text_encoder() if is_text else [StandardScaler()]
    return make_pipeline(*before, estimator).fit(rows, sample.targets, **_weights(estimator, sample))


def _weights(estimator: Any, sample: Sample) -> dict[str, Any]:
    """Weights for the estimators that take them; for the others a weighted example counts once."""
    step = type(estimator).__name__.lower()
    return {f"{step}__sample_weight": sample.weights} if has_fit_parameter(estimator, "sample_weight") else {}
