"""Wrong labels among the digits: what weights and second looks do to what is learned."""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from hitl.learning.feedback import Weighting, feedback_type, sample_weights
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.label_noise import second_looks, suspicious

TRAIN_ROWS, FIRST_ROWS = 900, 100
BUDGET = 0.2
"""Of all labels: as many second looks as there are suspicious ones."""
CLASSES = 10


@dataclass(frozen=True, slots=True)
class NoiseStudy:
    """Mean held-out accuracies over the seeds, and what confident learning found of the wrong labels."""

    noise: float
    unweighted: float
    seed_weights: float
    reviewed: float
    precision: float
    recall: float


def noise_study(noise: float, seeds: int = 8) -> NoiseStudy:
    """Reviewers err with ``noise``; "corrections" are their disagreements with a first model."""
    rows = np.array([_one(noise, seed) for seed in range(seeds)])
    return NoiseStudy(noise, *(float(v) for v in rows.mean(axis=0)))


def _one(noise: float, seed: int) -> tuple[float, ...]:
    rng = np.random.default_rng(2000 + seed)
    features, truth = load_digits(return_X_y=True)
    order = rng.permutation(len(truth))
    features, truth = features[order] / 16, truth[order]
    first, train, test = slice(0, FIRST_ROWS), slice(0, TRAIN_ROWS), slice(TRAIN_ROWS, None)
    labels = _noisy(truth[train], noise, rng)
    champion = _model().fit(features[first], labels[first])
    kinds = [feedback_type(str(p), str(y)).value for p, y in zip(champion.predict(features[train]), labels, strict=True)]
    weights = sample_weights(kinds, np.ones(len(kinds)), np.eye(CLASSES)[labels], Weighting.SEED)
    outside = cross_val_predict(_model(), features[train], labels, cv=5, method="predict_proba")
    again = second_looks(outside, labels, BUDGET)
    cleaned = labels.copy()
    cleaned[again] = _looked_again(labels[again], truth[train][again], noise, rng)
    scores = [
        _score(features, truth, train, test, labels, None),
        _score(features, truth, train, test, labels, weights),
        _score(features, truth, train, test, cleaned, None),
    ]
    return (*scores, *_found(suspicious(outside, labels), labels != truth[train]))


def _noisy(truth: Ints, noise: float, rng: np.random.Generator) -> Ints:
    shift = rng.integers(1, CLASSES, len(truth))
    return np.where(rng.random(len(truth)) < noise, (truth + shift) % CLASSES, truth)


def _looked_again(labels: Ints, truth: Ints, noise: float, rng: np.random.Generator) -> Ints:
    """A second, blind answer confirms a label; otherwise a third decides."""
    second, third = _noisy(truth, noise, rng), _noisy(truth, noise, rng)
    return np.where(second == labels, labels, third)


def _model() -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=300)


def _score(features: Floats, truth: Ints, train: slice, test: slice, labels: Ints, weights: Floats | None) -> float:
    fitted = _model().fit(features[train], labels, sample_weight=weights)
    return float(fitted.score(features[test], truth[test]))


def _found(flagged: Bools, wrong: Bools) -> tuple[float, float]:
    hits = int((flagged & wrong).sum())
    return hits / max(int(flagged.sum()), 1), hits / max(int(wrong.sum()), 1)
