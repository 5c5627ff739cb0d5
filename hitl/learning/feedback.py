"""What a person's answer says of a prediction, and how much it weighs when a model learns from it.

The documents weigh positive, negative and correction 1, 2 and 3. That harms: a "correction" is the answer of a person who
disagrees with the model, and is wrong half of the time when both are wrong equally often. The weights stay as an order for
second looks; training weighs by the consensus' certainty.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from hitl.learning.uncertainty import entropy
from hitl.quality.arrays import Floats


class FeedbackType(StrEnum):
    """``positive``: the model was right. ``correction``: it was wrong and the person says what is right. ``negative``: it was
    wrong, and nobody said what is right."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    CORRECTION = "correction"


class Weighting(StrEnum):
    """``posterior`` is the default; ``seed`` are the documents' weights times the reviewer's confidence."""

    POSTERIOR = "posterior"
    SEED = "seed"
    NONE = "none"


WEIGHTS = {FeedbackType.POSITIVE: 1.0, FeedbackType.NEGATIVE: 2.0, FeedbackType.CORRECTION: 3.0}


def feedback_type(predicted: str, answered: str | None) -> FeedbackType:
    """Return what an answer says of a prediction; ``answered`` None: "wrong", without saying what is right.

    >>> feedback_type("cat", None).value
    'negative'
    """
    if answered is None:
        return FeedbackType.NEGATIVE
    return FeedbackType.POSITIVE if answered == predicted else FeedbackType.CORRECTION


def weight_of(kind: str) -> float:
    """Return the documents' weight of a feedback type; 1 for an unknown one."""
    return WEIGHTS[FeedbackType(kind)] if kind in set(FeedbackType) else 1.0


def sample_weights(kinds: Sequence[str], confidence: Floats, posterior: Floats, weighting: Weighting) -> Floats:
    """Return ``(n,)`` weights for fitting: ``confidence`` (n,) is the reviewers' own, ``posterior`` (n, classes) the consensus'.

    By posterior an item weighs 1 when its label is certain and 0 when the consensus knows nothing.
    """
    if weighting is Weighting.NONE:
        return np.ones(len(kinds))
    if weighting is Weighting.SEED:
        return np.array([weight_of(kind) for kind in kinds]) * confidence
    certainty = 1 - entropy(posterior) / np.log(max(posterior.shape[1], 2))
    return np.asarray(np.clip(certainty, 0.0, 1.0), dtype=np.float64)
