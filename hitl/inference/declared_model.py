"""A model that somebody else runs, as its card has it: its answers are what clients declare."""

import numpy as np

from hitl.inference.cards import DeclaredCard, card_from
from hitl.inference.classifier import Probabilities
from hitl.inference.declared import DeclaredPrediction, DeclaredRow
from hitl.inference.rows import DECLARED_WIDTH, Rows
from hitl.quality.calibration import Calibrator, plain_of


class DeclaredModel:
    """A Classifier over DeclaredRow: it computes nothing."""

    width = DECLARED_WIDTH

    def __init__(self, card: DeclaredCard) -> None:
        self.card = card

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.card.labels)

    @property
    def calibration(self) -> Calibrator | None:
        return self.card.calibrator

    def predict(self, rows: Rows) -> Probabilities:
        """NaN for a row that declares nothing for this card: it has no prediction."""
        return np.array([self._answer(row) for row in rows], dtype=np.float64).reshape(len(rows), len(self.card.labels))

    def prediction_in(self, row: DeclaredRow) -> DeclaredPrediction | None:
        """Return the prediction that ``row`` declares for this card, by an account that may; None: none."""
        if row.by not in self.card.declarers:
            return None
        return next((one for one in row.said if (one.model, one.version) == (self.card.model, self.card.version)), None)

    def calibrated(self, calibration: Calibrator | None) -> "DeclaredModel":
        plain = None if calibration is None else plain_of(calibration)
        return DeclaredModel(self.card.model_copy(update={"calibration": plain}))

    def to_bytes(self) -> bytes:
        return self.card.to_bytes()

    def _answer(self, row: DeclaredRow) -> tuple[float, ...]:
        said = self.prediction_in(row)
        return (float("nan"),) * len(self.card.labels) if said is None else said.probabilities


def from_bytes(data: bytes, labels: tuple[str, ...]) -> DeclaredModel:
    """Return the model of the card in ``data``. Raises ValueError for a card of other labels."""
    model = DeclaredModel(card_from(DeclaredCard, data))
    if model.labels != labels:
        raise ValueError(f"expected the task's {len(labels)} labels in their order")
    return model
