"""Run one trial of the search: cross-validate one configuration. Imports little, since each trial's process pays for it."""

from collections.abc import Iterator

import numpy as np
import ray.tune
from numpy.typing import NDArray

from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.learning.evidence import judge
from hitl.tasks.model_spec import ModelSpec
from training.model import fit

FOLDS = 3
METRIC = "log_loss"
"""Cross-validated, in nats: unlike accuracy it rewards honest confidence, which is what routing uses."""

Indices = NDArray[np.int64]


def trial(config: Hyperparameters, sample: TrainingSample, model: ModelSpec, seed: int) -> None:
    """Runs in a Tune actor and reports once."""
    ray.tune.report(cross_validate(model, sample, model.params | config, seed))


def cross_validate(model: ModelSpec, sample: TrainingSample, params: Hyperparameters, seed: int) -> dict[str, float]:
    """Log loss and accuracy on rows that the fold's model has not seen, averaged over the rows."""
    probabilities = np.zeros((len(sample.rows), len(sample.labels)))
    for train, test in folds(sample.targets, seed):
        probabilities[test] = _predict(model, sample.take(train), params, seed, sample.rows[test])
    verdict = judge(probabilities, sample.targets, sample.labels, automatic=1.0)
    return {METRIC: verdict["log_loss"], "accuracy": verdict["accuracy"]["value"] or 0.0}


def _predict(model: ModelSpec, fold: TrainingSample, params: Hyperparameters, seed: int, rows: Rows) -> Probabilities:
    """A fold that has one label alone, since the other's only row is tested, teaches to say that label always."""
    present = np.unique(fold.targets)
    if len(present) > 1:
        return fit(model.family, fold, params, seed).predict(rows)
    always = np.zeros((len(rows), len(fold.labels)))
    always[:, present[0]] = 1.0
    return always


def folds(targets: Indices, seed: int) -> Iterator[tuple[Indices, Indices]]:
    """(train, test) row numbers: each row is tested once, and each label is dealt evenly to the folds."""
    order = np.random.default_rng(seed).permutation(len(targets))
    fold_of = np.empty(len(targets), dtype=np.int64)
    fold_of[order[np.argsort(targets[order], kind="stable")]] = np.arange(len(targets)) % FOLDS
    for fold in range(FOLDS):
        yield np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
