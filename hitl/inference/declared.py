"""What a client declares with a case: a model's answer that the client's own pipeline computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hitl.errors import InvalidInput
from hitl.intake.record import PlainPrediction

SUM_WITHIN = 1e-3
"""Of 1, for declared probabilities: pipelines round them."""

LEAD = 1e-6
"""By which the label of a low score leads: at or below an even share nobody could tell which label was meant."""


@dataclass(frozen=True, slots=True)
class DeclaredPrediction:
    """``model`` and ``version`` name the card; ``probabilities`` follow the order of the task's labels and sum to 1. ``parts``
    says, where the model does, how sure it is of each part of its value, in [0, 1] and in the order of the task's fields."""

    model: str
    version: str
    probabilities: tuple[float, ...]
    parts: Mapping[str, float] | None = None

    @property
    def name(self) -> str:
        """Model and version in one text, for people."""
        return f"{self.model} {self.version}"

    def plain(self) -> PlainPrediction:
        said: PlainPrediction = {"model": self.model, "version": self.version, "probabilities": list(self.probabilities)}
        return said if self.parts is None else {**said, "parts": dict(self.parts)}


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """One case as models read it whose answers are declared: ``by`` is the account that declares, ``said`` its predictions."""

    by: str
    said: tuple[DeclaredPrediction, ...] = ()


BLANK = DeclaredRow("")
"""No case's: every account has a name."""


def row_from(by: str, said: Sequence[PlainPrediction]) -> DeclaredRow:
    """Return the row that a record keeps as ``said``."""
    found = (DeclaredPrediction(one["model"], one["version"], tuple(one["probabilities"]), one.get("parts")) for one in said)
    return DeclaredRow(by, tuple(found))


def probabilities_of(said: Sequence[float], place: str) -> tuple[float, ...]:
    """Return ``said``, in the order of the labels, with a sum of exactly 1. Raises InvalidInput for what is no distribution."""
    total = sum(said)
    if not all(0.0 <= value <= 1.0 for value in said) or abs(total - 1) > SUM_WITHIN:
        raise InvalidInput(place, "numbers in [0, 1] with a sum of 1")
    return tuple(value / total for value in said)


def probabilities_of_score(label: int, score: float, labels: int) -> tuple[float, ...]:
    """Return those of a ``label`` (its index) with one ``score`` in [0, 1]; the others share what is left. A score at or below an
    even share counts as just above it, so that the declared label stays the most probable one.

    >>> probabilities_of_score(1, 0.8, 2)
    (0.19999999999999996, 0.8)
    """
    top = max(score, (1 + LEAD) / labels)
    rest = (1 - top) / (labels - 1)
    return tuple(top if at == label else rest for at in range(labels))
