"""Pools of scored cases with their truth: what a certificate is tested on, since its risk there can be counted exactly."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.naive_bayes import GaussianNB

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.certificate import ScoredSample

TRAIN_ROWS = 150
SYNTHETIC_ROWS = 200_000
PILOT_ROWS = 500


@dataclass(frozen=True)
class Pool:
    """``cases`` are the world; ``pilot`` are out-of-fold scores of the rows that trained the model."""

    cases: ScoredSample
    pilot: ScoredSample

    def draw(self, n: int, rng: np.random.Generator) -> ScoredSample:
        """``n`` cases with replacement."""
        at = rng.integers(0, len(self.cases), n)
        return ScoredSample(self.cases.scores[at], self.cases.wrong[at])

    def risk(self, threshold: float) -> float:
        """The exact error rate at or above ``threshold``; 0 where there is no case."""
        scores, errors = self._by_score
        above = len(scores) - int(np.searchsorted(scores, threshold, side="left"))
        return float(errors[above] / above) if above else 0.0

    def coverage(self, threshold: float) -> float:
        scores, _ = self._by_score
        return (len(scores) - int(np.searchsorted(scores, threshold, side="left"))) / len(scores)

    @cached_property
    def _by_score(self) -> tuple[Floats, Ints]:
        """The scores, rising, and how many of the surest 0, 1, 2, ... cases are wrong."""
        order = np.argsort(self.cases.scores, kind="stable")
        return self.cases.scores[order], np.concatenate(([0], np.cumsum(self.cases.wrong[order][::-1])))

    def oracle_coverage(self, level: float) -> float:
        """The largest share that any threshold automates with a risk of at most ``level``."""
        scores, at = np.unique(-self.cases.scores, return_inverse=True)
        cases, errors = np.cumsum(np.bincount(at)), np.cumsum(np.bincount(at, weights=self.cases.wrong))
        fine = errors <= level * cases
        return float(cases[fine].max() / len(at)) if fine.any() and len(scores) else 0.0


@cache
def digits(kind: str = "logistic", seed: int = 0) -> Pool:
    """The digits, scored by a classifier that was trained on a few of them: ``logistic``, or the over-confident ``bayes``."""
    features, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(labels))
    train, rest = order[:TRAIN_ROWS], order[TRAIN_ROWS:]
    scaled = features / 16.0
    model = LogisticRegression(C=10.0, max_iter=500) if kind == "logistic" else GaussianNB()
    folds = cross_val_predict(model, scaled[train], labels[train], cv=5, method="predict_proba")
    outside = model.fit(scaled[train], labels[train]).predict_proba(scaled[rest])
    return Pool(_scored(outside, labels[rest]), _scored(folds, labels[train]))


@cache
def synthetic(overconfident: bool = False, extra_error: float = 0.0, seed: int = 0) -> Pool:
    """Scores of a good model; calibrated, or ``overconfident`` (it errs three times as often as it says), or with
    ``extra_error`` everywhere."""
    rng = np.random.default_rng(seed)
    return Pool(
        _synthetic_sample(rng, SYNTHETIC_ROWS, overconfident, extra_error),
        _synthetic_sample(rng, PILOT_ROWS, overconfident, extra_error),
    )


@cache
def hopeless(risk: float, seed: int = 0) -> Pool:
    """Scores that say nothing: whatever the threshold, the share ``risk`` of the cases is wrong."""
    rng = np.random.default_rng(seed)
    scores, wrong = rng.random(SYNTHETIC_ROWS), np.arange(SYNTHETIC_ROWS) < risk * SYNTHETIC_ROWS
    pilot = ScoredSample(rng.random(PILOT_ROWS), rng.random(PILOT_ROWS) < risk)
    return Pool(ScoredSample(0.8 + 0.2 * scores, rng.permutation(wrong)), pilot)


def _synthetic_sample(rng: np.random.Generator, n: int, overconfident: bool, extra_error: float) -> ScoredSample:
    scores = 1 - 0.5 * rng.beta(0.5, 2.0, n)
    chance = np.minimum((1 - scores) * (3.0 if overconfident else 1.0) + extra_error, 0.6)
    return ScoredSample(scores, rng.random(n) < chance)


def _scored(probabilities: Floats, labels: Floats) -> ScoredSample:
    wrong: Bools = probabilities.argmax(axis=1) != labels
    return ScoredSample(probabilities.max(axis=1), wrong)
