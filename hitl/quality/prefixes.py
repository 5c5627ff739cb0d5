"""Evidence from checks of which some wait for an answer, and each that waits counts as wrong.

``y`` of a check is 0 once people have said that the model was right, and 1 until then. Over the first m checks in order of
arrival, with n of them at or above a threshold and k of those with ``y = 1``, the e-process of hitl.quality.eprocess gives
``log_e_certify(k, n)``, and the evidence is its greatest value over all m. That is valid whatever the delays are and whatever
they depend on: ``y`` is never below the truth, the e-process falls in k, and Ville's inequality bounds the greatest value over m
of the process of the true answers (Ville 1939; Howard et al., arXiv 1810.08240). Which prefix is looked at, and when, is free.
The evidence is a function of the labels as they stand, so that a corrected label takes back what rested on it.

From the first certificate on, cases are drawn with unequal probabilities; there the e-process goes on as that of
hitl.quality.unequal_draws. When that begins depends on earlier cases alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.certificate import ScoredSample
from hitl.quality.eprocess import log_e_certify, log_e_certify_bound
from hitl.quality.unequal_draws import log_factors, log_mean


@dataclass(frozen=True, slots=True)
class Draws:
    """With which ``probability`` (n,) each check was drawn: the first ``equal`` of them with one and the same, the others with at
    least ``floor`` > 0."""

    probability: Floats
    equal: int
    floor: float


def equally_drawn(probability: Floats) -> int:
    """Return how many of the first checks were drawn with one and the same ``probability`` (n,)."""
    differs = probability != probability[:1]
    return int(differs.argmax()) if differs.any() else len(probability)


@dataclass(frozen=True, slots=True)
class PrefixEvidence:
    """For each threshold of a grid: the greatest evidence ``log_e`` that its risk is under the level, and the ``labels`` and
    ``errors`` at or above it in the prefix that gives it, all (thresholds,)."""

    log_e: Floats
    labels: Ints
    errors: Ints


def prefix_evidence(
    sample: ScoredSample,
    grid: Floats,
    level: float,
    draws: Draws | None = None,
    log_e: Callable[[Ints, Ints, float], Floats] = log_e_certify,
) -> PrefixEvidence:
    """``sample`` holds the checks in order of arrival, those without an answer as wrong; ``grid`` falls. ``draws`` None: all
    were drawn with the same probability. ``log_e`` is log_e_certify, or remembers what it said: a caller may
    ask often."""
    equal = len(sample) if draws is None else draws.equal
    is_equal = np.arange(len(sample)) < equal
    ends = _ends(sample.wrong)
    # By prefix and threshold: each check is counted where it first is, and from there on by running sums.
    stretch = np.searchsorted(ends, np.arange(len(sample)), side="right")
    place = stretch * (len(grid) + 1) + np.searchsorted(-grid, -sample.scores, side="left")
    labels = _counted(place, np.ones(len(sample)), len(ends), len(grid))
    errors = _counted(place, sample.wrong.astype(np.float64), len(ends), len(grid))
    even_errors = _counted(place, (sample.wrong & is_equal).astype(np.float64), len(ends), len(grid))
    even_labels = _counted(place, is_equal.astype(np.float64), len(ends), len(grid))
    uneven = np.zeros(labels.shape)
    if draws is not None and equal < len(sample):
        logs = log_factors(sample.wrong, draws.probability, draws.floor, level) * ~is_equal
        uneven = log_mean(np.array([_summed(place, each, len(ends), len(grid)) for each in logs]))

    def evidence(cells: tuple[Ints, ...]) -> Floats:
        return log_e(even_errors[cells], even_labels[cells], level) + uneven[cells]

    best, found = _greatest(evidence, log_e_certify_bound(even_errors, even_labels, level) + uneven)
    at = np.arange(len(grid))
    return PrefixEvidence(found, labels[best, at], errors[best, at])


def _greatest(evidence: Callable[[tuple[Ints, ...]], Floats], most: Floats) -> tuple[Ints, Floats]:
    """Return, for each threshold, the first prefix with the greatest evidence, and that evidence, which is nowhere above ``most``
    (prefixes, thresholds): it is computed only where it may be the greatest, since it takes far longer than the bound."""
    thresholds = np.arange(most.shape[1])
    likely = most.argmax(axis=0)
    least = np.maximum(evidence((likely, thresholds)), evidence((np.zeros_like(likely), thresholds)))
    cells = np.nonzero(most >= least)
    found = np.full(most.shape, -np.inf)
    found[cells] = evidence(cells)
    best = found.argmax(axis=0)
    return np.asarray(best, dtype=np.int64), found[best, thresholds]


def _ends(wrong: Bools) -> Ints:
    """Return the lengths of the prefixes that can be the best one: evidence grows with every right answer, so these are the empty
    one and each that ends with a right answer before a wrong one, or at the end."""
    next_wrong = np.append(wrong[1:], True)
    return np.concatenate(([0], np.flatnonzero(~wrong & next_wrong[: len(wrong)]) + 1)).astype(np.int64)


def _counted(place: Ints, weights: Floats, prefixes: int, thresholds: int) -> Ints:
    """Return those of whole numbers."""
    return np.asarray(_summed(place, weights, prefixes, thresholds).round(), dtype=np.int64)


def _summed(place: Ints, weights: Floats, prefixes: int, thresholds: int) -> Floats:
    """Return ``(prefixes, thresholds)``: the sums within each prefix, at or above each threshold."""
    rows, columns = prefixes + 1, thresholds + 1
    cells = np.bincount(place, weights, minlength=rows * columns)[: rows * columns].reshape(rows, columns)
    return np.asarray(np.cumsum(np.cumsum(cells, axis=0), axis=1)[:prefixes, :thresholds], dtype=np.float64)
