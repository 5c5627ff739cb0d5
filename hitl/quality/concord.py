"""Inter-annotator agreement on cases with several answers: plain, and beyond chance."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hitl.quality.agreement import krippendorff_alpha, raw_agreement
from hitl.quality.answers import Answer
from hitl.quality.arrays import Floats

SEED = 20_001
"""Of resampling: the same question gets the same answer."""


def concord(answers: Sequence[Answer], labels: Sequence[str]) -> dict[str, Any]:
    """``raw`` agreement of pairs and Krippendorff's ``alpha``, each with its interval by resampling cases; ``blind`` of the cases
    alone that people answered without a suggestion, and by ``segments``. ``cases`` had two answers or more."""
    return {
        **_figures(answers, labels),
        "blind": _figures([each for each in answers if each.is_blind], labels),
        "segments": {
            name: _figures([each for each in answers if each.segment == name], labels)
            for name in sorted({each.segment for each in answers})
        },
    }


def _figures(answers: Sequence[Answer], labels: Sequence[str]) -> dict[str, Any]:
    counts = _counts(answers, labels)
    paired = int((counts.sum(axis=1) >= 2).sum())
    raw = raw_agreement(counts, np.random.default_rng(SEED))
    alpha = krippendorff_alpha(counts, np.random.default_rng(SEED))
    return {"cases": paired, "raw": raw.plain(), "alpha": alpha.plain()}


def _counts(answers: Sequence[Answer], labels: Sequence[str]) -> Floats:
    """``(cases, labels)`` votes; those for labels that the task no longer has are left out."""
    rows = [[sum(said == label for _, said in each.votes) for label in labels] for each in answers]
    return np.array(rows, dtype=np.float64).reshape(len(answers), len(labels))
