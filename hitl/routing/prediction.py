"""A model's prediction for one case, with its confidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

ENTROPY_EPSILON = 1e-8
"""Added inside the logarithm, so that a probability of 0 contributes 0."""

HIGH_ABOVE = 0.9
MEDIUM_ABOVE = 0.7


class ConfidenceLevel(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Prediction:
    """``label`` is the most probable one; ``probabilities`` follow the order of the task's labels and sum to 1;
    ``confidence`` is the largest of them, or where the model's calibration says more, the probability that ``label`` is right;
    ``raw_confidence`` is the largest before any calibration; ``uncertainty`` is measured as the policy says, higher is less
    sure; ``model`` is the digest that said so, and ``model_s`` the seconds that it took for the micro-batch."""

    label: str
    probabilities: tuple[float, ...]
    confidence: float
    uncertainty: float
    model: str
    raw_confidence: float | None = None
    model_s: float | None = None

    @property
    def confidence_level(self) -> ConfidenceLevel:
        if self.confidence > HIGH_ABOVE:
            return ConfidenceLevel.HIGH
        return ConfidenceLevel.MEDIUM if self.confidence > MEDIUM_ABOVE else ConfidenceLevel.LOW


def entropy(probabilities: Sequence[float]) -> float:
    """Return the entropy of one item's probabilities, in nats.

    >>> round(entropy([0.5, 0.5]), 4)
    0.6931
    """
    return -sum(p * log(p + ENTROPY_EPSILON) for p in probabilities)


def margin(probabilities: Sequence[float]) -> float:
    """Return one minus the lead of the best label over the second best.

    >>> margin([0.75, 0.25])
    0.5
    """
    second, best = sorted(probabilities)[-2:]
    return 1 - (best - second)


def least_confident(probabilities: Sequence[float]) -> float:
    """Return one minus the largest probability."""
    return 1 - max(probabilities)


UNCERTAINTIES: dict[str, Callable[[Sequence[float]], float]] = {
    "entropy": entropy,
    "margin": margin,
    "least_confident": least_confident,
}
"""Each of one item alone, never over the batch."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The model's confidence in a row: ``confidence`` after its calibration, ``raw`` before; ``model_s`` is how long the
    model took for the micro-batch that the row came in."""

    confidence: float
    raw: float
    model_s: float | None = None


def predict_from(
    probabilities: Sequence[float],
    labels: Sequence[str],
    model: str,
    scores: Scores | None = None,
    uncertainty: str = "entropy",
) -> Prediction:
    """Return the prediction that one row of ``probabilities`` ``(classes,)`` makes; without ``scores`` nothing is calibrated."""
    row = tuple(probabilities)
    top = max(row)
    sure = scores or Scores(top, top)
    doubt = UNCERTAINTIES[uncertainty](row)
    return Prediction(labels[row.index(top)], row, sure.confidence, doubt, model, sure.raw, sure.model_s)
