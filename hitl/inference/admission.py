"""Try a model that somebody else made, before anybody is asked to approve it: what reading its file cannot show.

Run this in a process that may be killed (hitl.adapters.checkers.admitting): a graph can hold its process for hours and take all
of its memory, and no request of ours would end it.
"""

import time
from dataclasses import dataclass

import numpy as np

from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.rows import Rows, blank_rows

ROWS = 64
ALONE = 8
"""Rows that are also asked one by one."""
SAME_WITHIN = 1e-5
"""Between a row alone and in a batch: float32 sums in another order. More means that a row's answer depends on its neighbours."""
SCALES = (0.0, 1.0, 100.0)
"""Spreads of the random rows around zero; 0: a row of zeros only."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What trying the model showed. ``batch_ms`` is the time of ``ROWS`` rows, the best of three."""

    rows: int
    batch_ms: float
    largest_difference: float


NOTHING_TO_TRY = Admission(0, 0.0, 0.0)
"""Of a card: its model runs elsewhere."""


def try_model(model: Classifier, seed: int = 0) -> Admission:
    """Raises ValueError for a model whose answers are no distributions, differ from one call to the next, or depend on the other
    rows of a batch. Rows are random: with regular ones a graph that mixes rows was not found."""
    differences, took = [0.0], [float("inf")]
    for scale in SCALES:
        rows = _random_rows(model.width, scale, seed)
        start = time.perf_counter()
        said = _predict_checked(model, rows)
        took.append((time.perf_counter() - start) * 1000)
        if not np.array_equal(said, _predict_checked(model, rows)):
            raise ValueError("the same rows got two different answers")
        differences.append(_difference(model, rows, said))
    return Admission(ROWS * len(SCALES), min(took), max(differences))


def _random_rows(width: int, scale: float, seed: int) -> Rows:
    """Texts, for a model of width 0, are ordinary ones: what reads them is ours."""
    if width == 0:
        return blank_rows(0, ROWS, int(scale) * ROWS)
    return np.asarray(np.random.default_rng(seed).standard_normal((ROWS, width)) * scale, dtype=np.float32)


def _difference(model: Classifier, rows: Rows, said: Probabilities) -> float:
    """Return the largest one between a row in this batch, in the reversed batch, and alone."""
    alone = np.concatenate([_predict_checked(model, rows[at : at + 1]) for at in range(ALONE)])
    reversed_ = _predict_checked(model, rows[::-1].copy())[::-1]  # torch takes no negative strides
    found = max(float(np.abs(said[:ALONE] - alone).max()), float(np.abs(said - reversed_).max()))
    if found > SAME_WITHIN:
        raise ValueError(f"a row's answer depends on the other rows of its batch: it moved by {found:.3g}")
    return found


def _predict_checked(model: Classifier, rows: Rows) -> Probabilities:
    """Return the model's probabilities ``(n, classes)``. Raises ValueError unless each row is a distribution over the labels."""
    said = model.predict(rows)
    if said.shape != (len(rows), len(model.labels)) or not np.isfinite(said).all() or (np.abs(said.sum(axis=1) - 1) > 1e-6).any():
        raise ValueError(f"{len(rows)} rows did not get as many distributions over {len(model.labels)} labels")
    return said
