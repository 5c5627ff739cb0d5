"""The scores of the rows that a training run held out, as its evidence carries them: what a certificate's plan rests on.

A trainer writes them, and nothing that they say can break a certificate's promise: they choose where its tests begin and prove
nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.certificate import ScoredSample
from hitl.routing.policy import WHOLE, Segments

HELD_OUT = "held_out"
"""Their key in the evidence of a deployment."""
MOST_ROWS = 1_000
DIGITS = 6


class HeldOutScores(TypedDict):
    """Of each row the confidence, the label that was predicted, and whether it was wrong."""

    confidence: list[float]
    predicted: list[str]
    wrong: list[bool]


def held_out_scores(confidence: Floats, predicted: Ints, wrong: Bools, labels: Sequence[str]) -> HeldOutScores:
    """Return the rows (n,) as JSON: the ``confidence`` that the model would serve with, what it ``predicted`` and whether it was
    ``wrong``; of many rows an even part."""
    kept = np.unique(np.linspace(0, len(confidence) - 1, MOST_ROWS).astype(int)) if len(confidence) else np.empty(0, dtype=int)
    return {
        "confidence": [round(float(confidence[i]), DIGITS) for i in kept],
        "predicted": [labels[int(predicted[i])] for i in kept],
        "wrong": [bool(wrong[i]) for i in kept],
    }


def samples_of(evidence: Mapping[str, Any], segments: Segments) -> dict[str, ScoredSample]:
    """Return the rows by segment of a policy; none where the policy names segments, which held-out rows do not tell, or where the
    evidence has no rows in this form."""
    found = evidence.get(HELD_OUT)
    if segments.named or not isinstance(found, Mapping):
        return {}
    try:
        scores = np.array(found["confidence"], dtype=np.float64)
        wrong = np.array(found["wrong"], dtype=np.bool_)
        names = np.array(found["predicted"] if segments.by_label else [WHOLE] * len(scores), dtype=object)
    except (KeyError, TypeError, ValueError, OverflowError):
        return {}
    if scores.ndim != 1 or not scores.shape == wrong.shape == names.shape or not np.isfinite(scores).all():
        return {}
    return {str(name): ScoredSample(scores[names == name], wrong[names == name]) for name in dict.fromkeys(names.tolist())}
