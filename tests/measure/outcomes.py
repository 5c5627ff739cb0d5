"""What a stream of cases came to: how many were automatic, how many outcomes were right, what a decision cost."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.binomial import clopper_pearson
from tests.measure.simulated_reviewers import Crowd, dollars

BAND = 0.95
"""The documents' fixed band."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of each case the model's label, whether it was ``automatic``, and the label that the caller got; ``work`` in answers and
    experts' looks."""

    predicted: Ints
    automatic: Bools
    labels: Ints
    work: dict[str, int]


def outcomes_of(predicted: Ints, automatic: Bools, checked: Bools, crowd: Crowd) -> Outcomes:
    """The model's label where ``automatic``, else people's; ``checked`` rows are looked at blindly besides."""
    reviewed = np.where(checked, crowd.checked, crowd.labels)
    return Outcomes(predicted, automatic, np.where(automatic, predicted, reviewed), crowd.work(~automatic, checked))


def by_band(predicted: Ints, confidence: Floats, crowd: Crowd) -> Outcomes:
    """The same stream under the fixed band, without rules and checks."""
    return outcomes_of(predicted, confidence > BAND, np.zeros(len(predicted), dtype=np.bool_), crowd)


def figures(found: Outcomes, crowd: Crowd) -> dict[str, Any]:
    """Judged by the crowd's reference, and by the votes that nobody saw."""
    right = found.labels == crowd.reference
    wrong, n = int((~right & found.automatic).sum()), int(found.automatic.sum())
    seen = crowd.held_out >= 0
    return {
        "automation_rate": round(float(found.automatic.mean()), 4),
        "error_among_automatic": clopper_pearson(wrong, n).value if n else None,
        "error_by_label": _by_label(found, right),
        "system_accuracy": round(float(right.mean()), 4),
        "agreement_with_held_out_votes": round(float((found.labels == crowd.held_out)[seen].mean()), 4) if seen.any() else None,
        "dollars_per_decision": dollars(found.work, int((~right).sum()), len(right)),
        **found.work,
    }


def judged(confidence: Floats, right: Bools, automatic: Bools, allowed: Bools, level: float) -> dict[str, Any]:
    """Held-out rows: what was automatic, how often it was wrong, and the most that any one threshold could have automated."""
    wrong, n = int((automatic & ~right).sum()), int(automatic.sum())
    bound = clopper_pearson(wrong, n, 0.95)
    return {
        "rows": len(right),
        "automation_rate": round(float(automatic.mean()), 4),
        "error_among_automatic": bound.value,
        "interval_95": [bound.low, bound.high],
        "oracle_coverage": round(_oracle(confidence[allowed], right[allowed], level) * float(allowed.mean()), 4),
    }


def _oracle(confidence: Floats, right: Bools, level: float) -> float:
    """The largest share above one threshold whose error is at most ``level``, knowing the truth."""
    order = np.argsort(-confidence, kind="stable")
    error = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(error <= level)
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


def _by_label(found: Outcomes, right: Bools) -> dict[str, Any]:
    each = {}
    for label in sorted(set(found.predicted[found.automatic].tolist())):
        here = found.automatic & (found.predicted == label)
        each[str(label)] = {"n": int(here.sum()), "error": round(float((~right)[here].mean()), 4)}
    return each
