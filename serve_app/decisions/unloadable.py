"""A stand-in for a challenger's model that this replica could not load; every prediction fails."""

from dataclasses import dataclass

from hitl.errors import ArtifactRejected
from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator


@dataclass(frozen=True, slots=True)
class Unloadable:
    """A Classifier; ``why`` is what every call raises."""

    labels: tuple[str, ...]
    width: int
    why: ArtifactRejected
    calibration: Calibrator | None = None

    def predict(self, rows: Rows) -> Probabilities:
        raise self.why

    def calibrated(self, calibration: Calibrator | None) -> Classifier:
        raise self.why

    def to_bytes(self) -> bytes:
        raise self.why
