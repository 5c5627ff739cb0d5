"""Try an encoder of pictures that somebody else made, before a task may name it. Run this where hitl.inference.admission says."""

import numpy as np

from hitl.inference.admission import SCALES, Admission, Answers, random_pictures, try_answers
from hitl.inference.picture_encoder import PictureEncoder
from hitl.inference.pictures import blank_pixels
from hitl.inference.rows import Rows

SAME_WITHIN = 1e-4
"""Of a vector's largest number: float32 sums of a deep graph in another order."""


def try_encoder(encoder: PictureEncoder, seed: int = 0) -> Admission:
    """Raises ValueError for an encoder whose vectors are not finite, differ from one call to the next, depend on the other
    pictures of a batch, or are the same for all pictures."""

    def answer(rows: Rows) -> Answers:
        vectors = encoder.encode([blank_pixels(row, encoder.recipe) for row in rows])
        return np.asarray(vectors / (1 + np.abs(vectors).max(axis=1, keepdims=True)))

    tried = try_answers(answer, (random_pictures(scale, seed) for scale in SCALES), SAME_WITHIN)
    if not answer(random_pictures(SCALES[-1], seed)).std(axis=0).any():
        raise ValueError("all pictures get the same vector")
    return tried
