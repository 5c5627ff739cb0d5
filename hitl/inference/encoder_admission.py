"""Try an encoder that somebody else made, before a task may name it. Run this where hitl.inference.admission says."""

from collections.abc import Callable, Sequence

import numpy as np

from hitl.inference.admission import SCALES, Admission, Answers, random_pictures, random_texts, try_answers
from hitl.inference.encoders import Encoder
from hitl.inference.picture_encoder import PictureEncoder, Vectors
from hitl.inference.pictures import blank_pixels
from hitl.inference.rows import Rows

SAME_WITHIN = 1e-4
"""Of a vector's largest number: float32 sums of a deep graph in another order."""


def try_encoder(encoder: Encoder, seed: int = 0) -> Admission:
    """Raises ValueError for an encoder whose vectors are not finite, differ from one call to the next, depend on the other
    rows of a batch, or are the same for all rows."""
    vectors_of, batches, plural = _trial(encoder, seed)

    def answer(rows: Rows) -> Answers:
        vectors = vectors_of(rows)
        return np.asarray(vectors / (1 + np.abs(vectors).max(axis=1, keepdims=True)))

    tried = try_answers(answer, batches, SAME_WITHIN)
    if np.ptp(answer(batches[-1]), axis=0).max() <= SAME_WITHIN:
        raise ValueError(f"all {plural} get the same vector")
    return tried


def _trial(encoder: Encoder, seed: int) -> tuple[Callable[[Rows], Vectors], Sequence[Rows], str]:
    """How rows are encoded, random ones to try, and their name."""
    if isinstance(encoder, PictureEncoder):
        recipe = encoder.recipe
        pictures = [random_pictures(scale, seed) for scale in SCALES]
        return lambda rows: encoder.encode([blank_pixels(row, recipe) for row in rows]), pictures, "pictures"
    texts = [random_texts(number, encoder.words) for number in range(seed, seed + len(SCALES))]
    return lambda rows: encoder.encode(rows.tolist()), texts, "texts"
