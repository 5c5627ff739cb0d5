"""Fit a head over vectors: multinomial logistic regression, or a small perceptron."""

from typing import cast

import numpy as np

from hitl.errors import InvalidConfig
from hitl.inference.rows import NUMBERS, form_of_rows
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.inference.vector_head import VectorHead

DEFAULT_C = 0.01
"""Inverse strength of the penalty: vectors have hundreds of numbers, labelled pictures are few."""

MAX_STEPS = 2000
NEVER = -30.0
"""The logit of a label that no row taught."""


def fit_head(sample: TrainingSample, params: Hyperparameters, seed: int) -> VectorHead:
    """Fit on rows that are vectors. ``hidden: 0`` (the default) is a logistic regression with ``C``; else a perceptron with that
    many units and the other parameters of ``torch_mlp``. Deterministic for a seed. Raises InvalidConfig for an unknown one."""
    if form_of_rows(sample.rows) is not NUMBERS:
        raise InvalidConfig("model", "family", "a head is trained on its encoder's vectors")
    hidden = params.get("hidden", 0)
    return _perceptron(sample, params, seed) if hidden else _regression(sample, params)


def _regression(sample: TrainingSample, params: Hyperparameters) -> VectorHead:
    from sklearn.linear_model import LogisticRegression

    rows = np.asarray(sample.rows, dtype=np.float64)
    spread = rows.std(axis=0)
    mean, scale = rows.mean(axis=0), np.where(spread > 0, spread, 1.0)
    estimator = LogisticRegression(C=float(cast(float, params.get("C", DEFAULT_C))), max_iter=MAX_STEPS)
    estimator.fit((rows - mean) / scale, sample.targets, sample_weight=sample.weights)
    weights, biases = np.zeros((len(sample.labels), rows.shape[1])), np.full(len(sample.labels), NEVER)
    known = estimator.classes_
    if len(known) == 2:  # one row of numbers, about the second of them
        weights[known[1]], biases[known] = estimator.coef_[0], [0.0, estimator.intercept_[0]]
    else:
        weights[known], biases[known] = estimator.coef_, estimator.intercept_
    single = np.float32
    return VectorHead(mean.astype(single), scale.astype(single), ((weights.astype(single), biases.astype(single)),))


def _perceptron(sample: TrainingSample, params: Hyperparameters, seed: int) -> VectorHead:
    from hitl.inference import torch_fit

    module = torch_fit.fit(sample, {name: value for name, value in params.items() if name != "C"}, seed).cpu()
    found = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    layers = tuple((found[f"layers.{number}.weight"], found[f"layers.{number}.bias"]) for number in (0, 2))
    return VectorHead(found["mean"], found["scale"], layers)
