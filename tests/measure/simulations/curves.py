"""Learning curves of the labelling strategies: how many labels each needs for the same score on rows that nobody learned from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from hitl.learning import active
from hitl.learning.uncertainty import entropy, margin
from hitl.quality.arrays import Floats, Ints

FIRST = 20
BATCH = 10
TEST_ROWS = 597
CHOSEN_MOST, RANDOM_MOST = 240, 600
RANDOM_STEP = 20
RESAMPLED = 2000

Strategy = Callable[[Floats, Floats, Floats, int], Ints]
"""From (probabilities of the pool, pool, labelled features, n) to positions in the pool."""


def by_hybrid(probabilities: Floats, pool: Floats, labelled: Floats, n: int) -> Ints:
    return active.hybrid(probabilities, pool, n)


def by_margin(probabilities: Floats, pool: Floats, labelled: Floats, n: int) -> Ints:
    return active.top(margin(probabilities), n)


def by_entropy(probabilities: Floats, pool: Floats, labelled: Floats, n: int) -> Ints:
    return active.top(entropy(probabilities), n)


def by_adaptive(probabilities: Floats, pool: Floats, labelled: Floats, n: int) -> Ints:
    """The documents' 0.7 / 0.3."""
    return active.adaptive(entropy(probabilities), pool, labelled, n)


STRATEGIES: dict[str, Strategy] = {
    "hybrid": by_hybrid,
    "margin": by_margin,
    "entropy": by_entropy,
    "adaptive": by_adaptive,
}


Score = Callable[[LogisticRegression, Floats, Ints], float]
"""How good a model is on (features, labels)."""


@dataclass(frozen=True)
class World:
    """Rows to learn: ``load`` gives (features, labels); ``test_rows`` of them are held out, and ``pool_rows`` of the others can
    be labelled (None: all). A strategy labels ``batch`` at a time until ``most``, chance ``random_step`` until
    ``random_most``."""

    load: Callable[[], tuple[Floats, Ints]]
    test_rows: int
    score: Score
    pool_rows: int | None = None
    batch: int = BATCH
    most: int = CHOSEN_MOST
    random_step: int = RANDOM_STEP
    random_most: int = RANDOM_MOST


def accuracy(model: LogisticRegression, features: Floats, labels: Ints) -> float:
    """The share of right predictions."""
    return float(model.score(features, labels))


def _digits() -> tuple[Floats, Ints]:
    features, labels = load_digits(return_X_y=True)
    return features / 16, labels


DIGITS = World(_digits, TEST_ROWS, accuracy)


@dataclass(frozen=True)
class Curve:
    """``accuracy`` (seeds, points), or another score, on held-out rows with ``labels`` (points,) labels."""

    labels: Ints
    accuracy: Floats


@cache
def curve(name: str, seeds: int, world: World = DIGITS) -> Curve:
    """The curve of a strategy, or of ``random``; every seed has its own held-out rows, the same for all strategies."""
    if name == "random":
        sizes = np.arange(FIRST, world.random_most + 1, world.random_step)
        return Curve(sizes, np.array([_random(world, seed, sizes) for seed in range(seeds)]))
    sizes = np.arange(FIRST, world.most + 1, world.batch)
    return Curve(sizes, np.array([_chosen(world, name, seed, sizes) for seed in range(seeds)]))


def whole_pool(world: World, seeds: int) -> float:
    """The mean score with every label of the pool."""
    splits = [_split(world, seed) for seed in range(seeds)]
    return float(np.mean([world.score(_fitted(s, s.order, None), s.test, s.test_labels) for s in splits]))


@dataclass(frozen=True, slots=True)
class Acceleration:
    """Labels at random over labels of the strategy for the same mean accuracy, with a 95 % interval over the seeds."""

    target: float
    random_labels: float
    labels: float
    ratio: float
    low: float
    high: float


def acceleration(chosen: Curve, random: Curve, target: float) -> Acceleration:
    """Infinite labels where a mean curve never reaches ``target``."""
    seeds = len(chosen.accuracy)
    resampled = np.random.default_rng(10).multinomial(seeds, np.full(seeds, 1 / seeds), size=RESAMPLED) / seeds
    ratios = [_needed(random, w, target) / _needed(chosen, w, target) for w in resampled]
    everyone = np.full(seeds, 1 / seeds)
    need_random, need = _needed(random, everyone, target), _needed(chosen, everyone, target)
    low, high = np.quantile(ratios, [0.025, 0.975], method="lower")
    return Acceleration(target, need_random, need, need_random / need, float(low), float(high))


def accuracy_at(curve: Curve, labels: int) -> float:
    """The mean accuracy with so many labels."""
    return float(np.interp(labels, curve.labels, curve.accuracy.mean(axis=0)))


def _needed(curve: Curve, weights: Floats, target: float) -> float:
    """Where the mean curve first reaches the target, between its points in proportion."""
    mean = weights @ curve.accuracy
    if mean.max() < target:
        return float("inf")
    at = int(np.argmax(mean >= target))
    if at == 0:
        return float(curve.labels[0])
    share = (target - mean[at - 1]) / (mean[at] - mean[at - 1])
    return float(curve.labels[at - 1] + share * (curve.labels[at] - curve.labels[at - 1]))


@dataclass(frozen=True)
class _Split:
    pool: Floats
    labels: Ints
    test: Floats
    test_labels: Ints
    order: Ints


@cache
def _loaded(world: World) -> tuple[Floats, Ints]:
    return world.load()


@cache
def _split(world: World, seed: int) -> _Split:
    features, labels = _loaded(world)
    rng = np.random.default_rng(1000 + seed)
    order = rng.permutation(len(labels))
    test, pool = order[: world.test_rows], order[world.test_rows :][: world.pool_rows]
    drawn = rng.permutation(len(pool))
    while len(np.unique(labels[pool][drawn[:FIRST]])) < 2:  # a model needs two labels to learn anything
        drawn = rng.permutation(len(pool))
    return _Split(features[pool], labels[pool], features[test], labels[test], drawn)


def _fitted(split: _Split, chosen: Ints, start: LogisticRegression | None) -> LogisticRegression:
    """Warm where the classes are the same: the optimum does not depend on the start."""
    classes = len(np.unique(split.labels[chosen]))
    model = (
        start if start is not None and len(start.classes_) == classes else LogisticRegression(C=10, max_iter=300, warm_start=True)
    )
    return model.fit(split.pool[chosen], split.labels[chosen])


def _random(world: World, seed: int, sizes: Ints) -> list[float]:
    split, model, scores = _split(world, seed), None, []
    for size in sizes:
        model = _fitted(split, split.order[:size], model)
        scores.append(world.score(model, split.test, split.test_labels))
    return scores


def _chosen(world: World, name: str, seed: int, sizes: Ints) -> list[float]:
    """The hybrid starts with typical items; the documents' strategies with random ones, which they do not choose."""
    split, model, scores = _split(world, seed), None, []
    chosen = active.hybrid(None, split.pool, FIRST, seed=seed) if name == "hybrid" else split.order[:FIRST]
    for size in sizes:
        if size > len(chosen):
            assert model is not None
            left = np.setdiff1d(np.arange(len(split.pool)), chosen)
            picks = STRATEGIES[name](
                model.predict_proba(split.pool[left]), split.pool[left], split.pool[chosen], size - len(chosen)
            )
            chosen = np.concatenate((chosen, left[picks]))
        model = _fitted(split, chosen, model)
        scores.append(world.score(model, split.test, split.test_labels))
    return scores
