"""Try a model that somebody else made, before anybody is asked to approve it: what reading its file cannot show.

Run this in a process that may be killed (hitl.adapters.checkers.admitting): a graph can hold its process for hours and take all
of its memory, and no request of ours would end it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.pictures import blank_pictures
from hitl.inference.rows import PICTURE, PICTURE_WIDTH, TEXT, Rows

ROWS = 64
PICTURES = 8
"""Of a batch, where a row is a picture: each costs a pass through an encoder."""
TEXT_WORDS = 12
"""Of a random text, at most: texts of a batch differ in length, so that one is padded to another's."""
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
ALONE = 8
"""Rows that are also asked one by one."""
SAME_WITHIN = 1e-5
"""Between a row alone and in a batch: float32 sums in another order. More means that a row's answer depends on its neighbours."""
SCALES = (0.0, 1.0, 100.0)
"""Spreads of the random rows around zero, of random pictures around grey; 0: rows of zeros only, or grey pictures."""

Answers: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Admission:
    """What trying the model showed, on random ``rows`` of its kind. ``batch_ms`` is the time of a batch of ``batch`` of them, the
    best of three."""

    rows: int
    batch_ms: float
    largest_difference: float
    batch: int = ROWS


NOTHING_TO_TRY = Admission(0, 0.0, 0.0)
"""Of a card: its model runs elsewhere."""


def try_model(model: Classifier, seed: int = 0) -> Admission:
    """Raises ValueError for a model whose answers are no distributions, differ from one call to the next, or depend on the other
    rows of a batch. Rows are random: with regular ones a graph that mixes rows was not found."""
    batches = (_random_rows(model.width, scale, seed) for scale in SCALES)
    return try_answers(lambda rows: _predict_checked(model, rows), batches, SAME_WITHIN)


def random_pictures(scale: float, seed: int) -> Rows:
    return PICTURE.array(blank_pictures(PICTURES, seed * PICTURES, scale))


def random_texts(seed: int, words: Sequence[str] = ()) -> Rows:
    """``ROWS`` texts of 1 to TEXT_WORDS random words: of ``words``, or of letters and digits."""
    rng = np.random.default_rng(seed)
    known = words or ["".join(rng.choice(list(LETTERS), rng.integers(1, 9))) for _ in range(500)]
    lengths = rng.integers(1, TEXT_WORDS + 1, ROWS)
    return TEXT.array([" ".join(known[at] for at in rng.integers(0, len(known), length)) for length in lengths])


def try_answers(answer: Callable[[Rows], Answers], batches: Iterable[Rows], within: float) -> Admission:
    """Ask each batch twice, reversed, and its first rows alone. Raises ValueError where the answers of a row differ by more than
    ``within``."""
    differences, took, tried = [0.0], [float("inf")], [0]
    for rows in batches:
        start = time.perf_counter()
        said = answer(rows)
        took.append((time.perf_counter() - start) * 1000)
        if not np.array_equal(said, answer(rows)):
            raise ValueError("the same rows got two different answers")
        differences.append(_difference(answer, rows, said, within))
        tried.append(len(rows))
    return Admission(sum(tried), min(took), max(differences), max(tried))


def _random_rows(width: int, scale: float, seed: int) -> Rows:
    if width == 0:
        return random_texts(seed + int(scale))
    if width == PICTURE_WIDTH:
        return random_pictures(scale, seed)
    return np.asarray(np.random.default_rng(seed).standard_normal((ROWS, width)) * scale, dtype=np.float32)


def _difference(answer: Callable[[Rows], Answers], rows: Rows, said: Answers, within: float) -> float:
    """Return the largest one between a row in this batch, in the reversed batch, and alone."""
    alone = np.concatenate([answer(rows[at : at + 1]) for at in range(ALONE)])
    reversed_ = answer(rows[::-1].copy())[::-1]  # torch takes no negative strides
    found = max(float(np.abs(said[:ALONE] - alone).max()), float(np.abs(said - reversed_).max()))
    if found > within:
        raise ValueError(f"a row's answer depends on the other rows of its batch: it moved by {found:.3g}")
    return found


def _predict_checked(model: Classifier, rows: Rows) -> Probabilities:
    """Return the model's probabilities ``(n, classes)``. Raises ValueError unless each row is a distribution over the labels."""
    said = model.predict(rows)
    if said.shape != (len(rows), len(model.labels)) or not np.isfinite(said).all() or (np.abs(said.sum(axis=1) - 1) > 1e-6).any():
        raise ValueError(f"{len(rows)} rows did not get as many distributions over {len(model.labels)} labels")
    return said
