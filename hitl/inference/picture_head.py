"""A model that reads pictures: an encoder from outside and a head that was trained here (hitl.inference.head_model)."""

from collections.abc import Callable

import numpy as np

from hitl.errors import HitlError, StoreUnavailable
from hitl.inference.classifier import Probabilities
from hitl.inference.head_model import HeadModel, OverEncoder, read_joined
from hitl.inference.picture_encoder import PictureEncoder, encoder_from
from hitl.inference.pictures import PictureRow, PictureSource, Pixels, blank_pixels
from hitl.inference.rows import NUMBERS, PICTURE_WIDTH, Rows, form_of_rows
from hitl.quality.calibration import Calibrator

Told = Callable[[str], None]


def _silent(why: str) -> None:
    """Nobody listens."""


class PictureHead(OverEncoder[PictureEncoder]):
    """A Classifier over pictures. It also reads rows that are its encoder's vectors already, as training has them.

    A picture that cannot be read gets no numbers (NaN), and its case goes to people; the others of its batch keep theirs."""

    width = PICTURE_WIDTH

    def __init__(
        self, head: HeadModel, encoder: PictureEncoder, pictures: PictureSource | None = None, told: Told = _silent
    ) -> None:
        super().__init__(head, encoder)
        self._pictures, self._told = pictures, told

    def calibrated(self, calibration: Calibrator | None) -> "PictureHead":
        return PictureHead(self._head.calibrated(calibration), self.encoder, self._pictures, self._told)

    def seeing(self, pictures: PictureSource, told: Told = _silent) -> "PictureHead":
        """Return the same model with a source of pictures; ``told`` hears of each that cannot be read."""
        return PictureHead(self._head, self.encoder, pictures, told)

    def predict(self, rows: Rows) -> Probabilities:
        if form_of_rows(rows) is NUMBERS:
            return self._head.predict(rows)
        pixels = [self._pixels(row) for row in rows]
        readable = [at for at, each in enumerate(pixels) if each is not None]
        said = np.full((len(rows), len(self.labels)), np.nan)
        if readable:
            said[readable] = self._head.predict(self.encoder.encode([each for each in pixels if each is not None]))
        return said

    def _pixels(self, row: PictureRow) -> Pixels | None:
        try:
            return pixels_of(row, self._pictures, self.encoder)
        except HitlError as error:
            self._told(f"picture {row.sha256[:12]}: {error}")
            return None


def pixels_of(row: PictureRow, pictures: PictureSource | None, encoder: PictureEncoder) -> Pixels:
    """Return the picture as the encoder's recipe scales and cuts it. Raises HitlError for one that cannot be read."""
    if row.is_blank:
        return blank_pixels(row, encoder.recipe)
    if pictures is None:
        raise StoreUnavailable("no pictures are read in this process")
    return pictures.pixels(row, encoder.recipe)


def from_bytes(data: bytes, labels: tuple[str, ...], device: str = "auto") -> PictureHead:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels, and for an encoder
    that is refused or another one than its header names."""
    joined = read_joined(data)
    encoder = encoder_from(joined.encoder, device)
    return PictureHead(joined.head(labels, encoder), encoder)
