"""Which unlabelled items are worth a person's time: the documents' strategies, and ``hybrid``, the default.

Indices come most wanted first. None are chosen for ``n <= 0`` or an empty pool, and all of a pool that is smaller than n.
"""

import numpy as np
from numpy.typing import ArrayLike

from hitl.learning.uncertainty import disagreement, margin
from hitl.quality.arrays import Floats, Ints

SEED = 42
TINY = 1e-8
CANDIDATES = 8
"""Hybrid clusters this many times the wanted number of the least sure items."""


def top(scores: Floats, n: int) -> Ints:
    """Return the positions of the ``n`` largest scores, the largest first, ties in the pool's order.

    >>> top(np.array([0.1, 0.9, 0.5]), 2).tolist(), top(np.array([0.1]), 0).tolist()
    ([1, 2], [])
    """
    return np.argsort(-scores, kind="stable")[: max(n, 0)].astype(np.int64)


def normalised(scores: Floats) -> Floats:
    """Scores spread over [0, 1]; all 0 when they are equal."""
    if not len(scores):
        return scores
    return np.asarray((scores - scores.min()) / (np.ptp(scores) + TINY), dtype=np.float64)


def query_by_committee(committee: ArrayLike, n: int) -> Ints:
    """Return the items on which the members of a committee (members, n, classes) disagree the most."""
    return top(disagreement(np.asarray(committee, dtype=np.float64)), n)


def diversity(pool: Floats, n: int, weights: Floats | None = None, seed: int = SEED) -> Ints:
    """Return one item from each of ``n`` clusters of ``pool`` (items, features), nearest to its centre; large clusters first."""
    wanted = min(n, len(np.unique(pool, axis=0))) if n > 0 else 0
    if wanted <= 0:
        return np.empty(0, dtype=np.int64)
    from sklearn.cluster import KMeans  # only here: 35 MB in each replica that answers nothing of the kind

    fitted = KMeans(n_clusters=wanted, random_state=seed, n_init=1).fit(pool, sample_weight=weights)
    away = np.linalg.norm(pool - fitted.cluster_centers_[fitted.labels_], axis=1)
    order = np.argsort(away, kind="stable")
    _, first, sizes = np.unique(fitted.labels_[order], return_index=True, return_counts=True)
    medoids = order[first][np.argsort(-sizes, kind="stable")].astype(np.int64)
    rest = np.setdiff1d(np.arange(len(pool)), medoids)
    return np.concatenate((medoids, rest[: min(n, len(pool)) - len(medoids)]))


def distance_to_labelled(pool: Floats, labelled: Floats) -> Floats:
    """Return how far each item is from the nearest labelled one, spread over [0, 1]; ones while nothing is labelled."""
    if not len(labelled):
        return np.ones(len(pool))
    squares = (pool**2).sum(axis=1)[:, None] + (labelled**2).sum(axis=1)[None, :] - 2 * pool @ labelled.T
    return normalised(np.sqrt(np.maximum(squares.min(axis=1), 0.0)))


def adaptive(
    uncertainty: Floats, pool: Floats, labelled: Floats, n: int, uncertainty_weight: float = 0.7, diversity_weight: float = 0.3
) -> Ints:
    """Return the documents' weighted sum of uncertainty and distance from what is labelled. Plain margin learns faster; see the
    measured curves."""
    away = distance_to_labelled(pool, labelled)
    return top(uncertainty_weight * normalised(uncertainty) + diversity_weight * away, n)


def hybrid(probabilities: Floats | None, pool: Floats, n: int, seed: int = SEED) -> Ints:
    """Typical items of each cluster while there is no model (TypiClust, arXiv 2202.02794); then one item from each of ``n``
    clusters of the least sure ones, clustered with their uncertainty as weight (after DropQuery, arXiv 2401.14555)."""
    if n <= 0 or not len(pool):
        return np.empty(0, dtype=np.int64)
    if probabilities is None:
        return diversity(pool, n, seed=seed)
    unsure = margin(probabilities)
    nearest = top(unsure, CANDIDATES * n)
    return nearest[diversity(pool[nearest], n, np.maximum(unsure[nearest], TINY), seed)]
