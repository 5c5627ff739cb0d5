"""Find labels that look wrong, for a second blind review; none is deleted automatically.

Confident learning (Northcutt, Jiang, Chuang, JAIR 2021, arXiv 1911.00068): a class counts as confident for an item when its
out-of-fold probability reaches the mean that items labelled so get; an item whose most probable confident class is not its
label is suspicious.
"""

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints

REVIEW_BUDGET = 0.03
"""The share of labels that a night's run may send back to people."""


def suspicious(probabilities: Floats, labels: Ints) -> Bools:
    """Return the ``labels`` (n,) that look wrong; ``probabilities`` (n, classes) come from models that did not train on the
    item."""
    own = np.array([_mean(probabilities[labels == k, k]) for k in range(probabilities.shape[1])])
    confident = np.where(probabilities >= own, probabilities, -np.inf)
    return np.asarray(np.isfinite(confident.max(axis=1)) & (confident.argmax(axis=1) != labels), dtype=np.bool_)


def second_looks(probabilities: Floats, labels: Ints, budget: float = REVIEW_BUDGET) -> Ints:
    """Return the most suspicious items first, at most ``budget`` of all: those whose label is least probable beside the best."""
    flagged = np.flatnonzero(suspicious(probabilities, labels))
    doubt = probabilities[flagged].max(axis=1) - probabilities[flagged, labels[flagged]]
    allowed = int(np.ceil(budget * len(labels)))
    return flagged[np.argsort(-doubt, kind="stable")][:allowed].astype(np.int64)


def _mean(values: Floats) -> float:
    """A class that nobody was given is never confident."""
    return float(values.mean()) if len(values) else np.inf
