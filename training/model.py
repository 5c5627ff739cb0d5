"""One way to fit any model family: a torch module or a scikit-learn estimator (fit, predict_proba)."""

import pydoc
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import has_fit_parameter

from hitl.errors import InvalidConfig
from hitl.inference import FAMILIES, Classifier, SklearnModel, TorchMlp
from training import torch_fit
from training.sample import Sample

TORCH_FAMILY = "torch_mlp"


def fit(family: str, sample: Sample, params: dict[str, Any], seed: int) -> Classifier:
    """A model of ``family`` with these hyper-parameters. Raises InvalidConfig for an unknown family or parameter."""
    if family == TORCH_FAMILY:
        return TorchMlp(sample.labels, torch_fit.fit(sample, params, seed), params)
    return SklearnModel(sample.labels, family, _fit_estimator(family, sample, params, seed))


def _fit_estimator(family: str, sample: Sample, params: dict[str, Any], seed: int) -> Pipeline:
    if family not in FAMILIES:
        raise InvalidConfig("model", "family", f"expected {TORCH_FAMILY} or one of {sorted(FAMILIES)}, came {family!r}")
    estimator: Any = pydoc.locate(family)()  # type: ignore[operator]
    known = estimator.get_params()
    unknown = sorted(params.keys() - known.keys())
    if unknown:
        raise InvalidConfig("model", "params", f"{family} has no {unknown[0]!r}")
    estimator.set_params(**({"random_state": seed} if "random_state" in known else {}), **params)
    rows = sample.rows.astype(np.float64)
    return make_pipeline(StandardScaler(), estimator).fit(rows, sample.targets, **_weights(estimator, sample))


def _weights(estimator: Any, sample: Sample) -> dict[str, Any]:
    """Weights for the estimators that take them; for the others a weighted example counts once."""
    step = type(estimator).__name__.lower()
    return {f"{step}__sample_weight": sample.weights} if has_fit_parameter(estimator, "sample_weight") else {}
