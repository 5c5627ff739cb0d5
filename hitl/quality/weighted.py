"""Error rates from labels with known, unequal probabilities, when the number of all cases is unknown.

Each label counts with one over its probability. The interval is that of Korn and Graubard (Survey Methodology 24, 1998): exact
binomial bounds with the effective number of labels in place of n. With equal probabilities it is Clopper and Pearson's, and it
never shrinks to nothing where no error was seen. Bounds hold for one figure at a time, not for a whole curve at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from hitl.quality.answer_columns import AnswerColumns
from hitl.quality.arrays import Bools, Floats
from hitl.quality.interval import Interval

METHOD = "korn-graubard"


@dataclass(frozen=True, slots=True)
class Blind:
    """Blind answers (n,), surest first: the model's ``scores``, whether it was ``wrong``, and the ``weights`` of the draws."""

    scores: Floats
    wrong: Bools
    weights: Floats

    def __len__(self) -> int:
        return len(self.scores)


def blind_sample(answers: AnswerColumns) -> Blind:
    """Sampled cases that people answered without seeing the model's suggestion; a case without a prediction is left out."""
    table = answers.table
    is_counted = (table.is_blind & table.is_drawn & (table.draw_probability > 0))[answers.kind]
    kept = answers.where(is_counted & ~np.isnan(answers.confidence))
    kept = kept.where(np.argsort(-kept.confidence, kind="stable"))
    return Blind(kept.confidence, kept.is_wrong, 1 / kept.draw_probability)


def weighted_rate(weights: Floats, events: Floats, confidence: float = 0.95) -> Interval:
    """Return the share of ``events`` (n,), each 0 or 1, by ``weights`` (n,) > 0.

    >>> weighted_rate(np.ones(45), np.zeros(45), 0.8).high < 0.05
    True
    """
    return rates_of(_sums(weights, events)[:, None], confidence)[0]


def rates_of(sums: Floats, confidence: float = 0.95) -> list[Interval]:
    """Return the interval of each column of ``sums`` (4, m): labels, weights, squared weights, weights of the events."""
    n, total, squares, events = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(squares > 0, total**2 / squares, 0.0)
        rate = np.where(total > 0, np.clip(events / total, 0.0, 1.0), 0.0)
    tail = (1 - confidence) / 2
    k = rate * effective
    low = np.where(k > 0, betaincinv(np.maximum(k, 1e-12), effective - k + 1, tail), 0.0)
    high = np.where(effective - k > 1e-9, betaincinv(k + 1, np.maximum(effective - k, 1e-9), 1 - tail), 1.0)
    return [
        Interval(float(r) if c else None, min(float(lo), float(r)), max(float(hi), float(r)), int(c), confidence, METHOD)
        for c, r, lo, hi in zip(n, rate, low, high, strict=True)
    ]


def running_sums(sample: Blind) -> Floats:
    """Return ``(4, n)``: the sums of rates_of over the surest 1, 2, ... n answers."""
    w = sample.weights
    return np.cumsum(np.stack([np.ones(len(w)), w, w**2, w * sample.wrong]), axis=1)


def _sums(weights: Floats, events: Floats) -> Floats:
    return np.array([len(weights), weights.sum(), (weights**2).sum(), (weights * events).sum()], dtype=np.float64)
