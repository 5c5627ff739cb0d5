"""What an approver sees: how often the candidate was right on held-out rows, with intervals, beside the champion."""

from math import comb, sqrt
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


class Proportion(TypedDict):
    """``correct`` of ``n``, with its 95 % interval; ``value`` is None when n is 0."""

    value: float | None
    n: int
    correct: int
    interval_95: list[float]
    method: str


class AutomaticPart(TypedDict):
    """The ``share`` of rows whose confidence is ``above`` the band, and the accuracy there."""

    above: float
    share: Proportion
    accuracy: Proportion


class Confusion(TypedDict):
    """Counts by true label (rows) and predicted label (columns), in the order of ``labels``."""

    labels: list[str]
    rows_true_columns_predicted: list[list[int]]


class HeldOutFigures(TypedDict):
    """How a model answers rows that it did not learn from; ``log_loss`` is in nats, ``recall`` by label."""

    accuracy: Proportion
    log_loss: float
    automatic: AutomaticPart
    recall: dict[str, Proportion]
    confusion: Confusion


class PairedCounts(TypedDict):
    """Two models on the same rows, and the p-value of no difference."""

    both_right: int
    only_candidate_right: int
    only_champion_right: int
    both_wrong: int
    mcnemar_exact_p: float
    test: str


Z_95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


def wilson(correct: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of ``correct / n`` (Wilson 1927, eq. 4); (0, 1) when nothing was seen.

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = correct / n, Z_95 * Z_95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def mcnemar(only_candidate: int, only_champion: int) -> float:
    """Return the exact two-sided p of McNemar's test: under no difference each discordant row is a fair coin.

    >>> mcnemar(5, 0)
    0.0625
    """
    n = only_candidate + only_champion
    tail = sum(comb(n, k) for k in range(min(only_candidate, only_champion) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def estimate_proportion(correct: int, n: int) -> Proportion:
    """Estimate the share of ``correct`` among ``n``, with its Wilson interval; ``value`` None where n is 0."""
    low, high = wilson(correct, n)
    return {"value": correct / n if n else None, "n": n, "correct": correct, "interval_95": [low, high], "method": "wilson"}


def judge(
    probabilities: Probabilities,
    targets: Labels,
    labels: tuple[str, ...],
    automatic: float,
    confidence: NDArray[np.float64] | None = None,
) -> HeldOutFigures:
    """Return how ``probabilities`` ``(n, classes)`` answer ``targets`` ``(n,)``, as JSON: accuracy, log loss, confusion (rows:
    true), recall of each label, and the share whose ``confidence`` (the largest probability where it is None) is above the
    ``automatic`` band, with its own accuracy."""
    right = probabilities.argmax(axis=1) == targets
    above = (probabilities.max(axis=1) if confidence is None else confidence) > automatic
    confusion = _confusion(probabilities.argmax(axis=1), targets, len(labels))
    return {
        "accuracy": estimate_proportion(int(right.sum()), len(targets)),
        "log_loss": _log_loss(probabilities, targets),
        "automatic": {
            "above": automatic,
            "share": estimate_proportion(int(above.sum()), len(targets)),
            "accuracy": _where(right, above),
        },
        "recall": {label: _where(right, targets == index) for index, label in enumerate(labels)},
        "confusion": {"labels": list(labels), "rows_true_columns_predicted": confusion.tolist()},
    }


def compare(candidate: Probabilities, champion: Probabilities, targets: Labels) -> PairedCounts:
    """Return both models on the same rows: the discordant counts and whether they differ beyond chance."""
    new, old = candidate.argmax(axis=1) == targets, champion.argmax(axis=1) == targets
    only_new, only_old = int((new & ~old).sum()), int((old & ~new).sum())
    return {
        "both_right": int((new & old).sum()),
        "only_candidate_right": only_new,
        "only_champion_right": only_old,
        "both_wrong": int((~new & ~old).sum()),
        "mcnemar_exact_p": mcnemar(only_new, only_old),
        "test": "exact McNemar, two-sided",
    }


def _where(right: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> Proportion:
    return estimate_proportion(int((right & chosen).sum()), int(chosen.sum()))


def _confusion(predicted: Labels, targets: Labels, classes: int) -> Labels:
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (targets, predicted), 1)
    return counts


def _log_loss(probabilities: Probabilities, targets: Labels) -> float:
    """In nats; probabilities are bounded away from 0 by float64's resolution, so that one sure error stays finite."""
    chosen = probabilities[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(chosen, np.finfo(np.float64).eps)).mean())
