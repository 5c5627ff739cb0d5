"""What a model said of one case, with how sure it is."""

from collections.abc import Sequence
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
    ``confidence`` is the largest of them; ``uncertainty`` their entropy in nats; ``model`` the digest that said so."""

    label: str
    probabilities: tuple[float, ...]
    confidence: float
    uncertainty: float
    model: str

    @property
    def confidence_level(self) -> ConfidenceLevel:
        if self.confidence > HIGH_ABOVE:
            return ConfidenceLevel.HIGH
        return ConfidenceLevel.MEDIUM if self.confidence > MEDIUM_ABOVE else ConfidenceLevel.LOW


def entropy(probabilities: Sequence[float]) -> float:
    """The entropy of one item's probabilities, in nats.

    >>> round(entropy([0.5, 0.5]), 4)
    0.6931
    """
    return -sum(p * log(p + ENTROPY_EPSILON) for p in probabilities)


def predict_from(probabilities: Sequence[float], labels: Sequence[str], model: str) -> Prediction:
    """The prediction that one row of ``probabilities`` ``(classes,)`` makes."""
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    row = tuple(probabilities)
    return Prediction(labels[best], row, row[best], entropy(row), model)
