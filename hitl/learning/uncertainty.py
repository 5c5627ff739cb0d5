"""How unsure a model is of each item: one number an item, never one for the batch, higher is less sure."""

from collections.abc import Callable

import numpy as np

from hitl.quality.arrays import Floats

EPSILON = 1e-10
"""Probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm."""


def entropy(probabilities: Floats) -> Floats:
    """Return the entropy of each row of ``probabilities`` (n, classes), in nats.

    >>> entropy(np.array([[0.5, 0.5], [1.0, 0.0]])).round(3).tolist()
    [0.693, 0.0]
    """
    clipped = np.clip(probabilities, EPSILON, 1 - EPSILON)
    return np.asarray(-np.sum(clipped * np.log(clipped), axis=1), dtype=np.float64)


def least_confident(probabilities: Floats) -> Floats:
    """Return one minus the largest probability of each row."""
    return np.asarray(1 - np.max(probabilities, axis=1), dtype=np.float64)


def margin(probabilities: Floats) -> Floats:
    """Return one minus the lead of the best label over the second best of each row; 0 for a single class."""
    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities))
    best = np.partition(probabilities, -2, axis=1)
    return np.asarray(1 - (best[:, -1] - best[:, -2]), dtype=np.float64)


METHODS: dict[str, Callable[[Floats], Floats]] = {
    "entropy": entropy,
    "least_confident": least_confident,
    "margin": margin,
}


def uncertainty(probabilities: Floats, method: str) -> Floats:
    """Return the uncertainty of each row. Raises ValueError for an unknown ``method``."""
    if method not in METHODS:
        raise ValueError(f"unknown uncertainty method {method!r}, expected one of {', '.join(METHODS)}")
    return METHODS[method](probabilities)


def disagreement(committee: Floats) -> Floats:
    """The mean divergence (Kullback-Leibler) of the members of a ``committee`` (members, n, classes) from their mean."""
    clipped = np.clip(committee, EPSILON, 1.0)
    mean = clipped.mean(axis=0, keepdims=True)
    return np.asarray(np.sum(clipped * np.log(clipped / mean), axis=2).mean(axis=0), dtype=np.float64)
