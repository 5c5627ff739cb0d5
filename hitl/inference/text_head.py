"""A model that reads texts: an encoder from outside and a head that was trained here (hitl.inference.head_model)."""

from hitl.inference.classifier import Probabilities
from hitl.inference.head_model import OverEncoder, read_joined
from hitl.inference.rows import NUMBERS, Rows, form_of_rows
from hitl.inference.text_encoder import TextEncoder, text_encoder_from
from hitl.quality.calibration import Calibrator


class TextHead(OverEncoder[TextEncoder]):
    """A Classifier over texts. It also reads rows that are its encoder's vectors already, as training has them."""

    width = 0

    def calibrated(self, calibration: Calibrator | None) -> "TextHead":
        return TextHead(self._head.calibrated(calibration), self.encoder)

    def predict(self, rows: Rows) -> Probabilities:
        vectors = rows if form_of_rows(rows) is NUMBERS else self.encoder.encode(rows.tolist())
        return self._head.predict(vectors)


def from_bytes(data: bytes, labels: tuple[str, ...], device: str = "auto") -> TextHead:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels, and for an encoder
    that is refused or another one than its header names."""
    joined = read_joined(data)
    encoder = text_encoder_from(joined.encoder, device)
    return TextHead(joined.head(labels, encoder), encoder)
