"""Remember the vectors of pictures, so that training and figures read and encode each one once."""

from collections.abc import Sequence

import numpy as np

from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.encoder_head import EncoderHead, pixels_of
from hitl.inference.picture_encoder import PictureEncoder, Vectors
from hitl.inference.pictures import PictureRow, PictureSource
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator

AT_ONCE = 16
"""Decoded pictures in memory at a time."""


class PictureMemory:
    """Vectors by the digests of encoder and file, for as long as a run lasts."""

    def __init__(self, pictures: PictureSource) -> None:
        self._pictures = pictures
        self._vectors = dict[tuple[str, str], Vectors]()

    def vectors_of(self, encoder: PictureEncoder, rows: Rows) -> Vectors:
        """Return ``(n, width)``. Raises HitlError for a picture that cannot be read: figures shall not be of fewer pictures than
        they say."""
        names = [(encoder.digest, row.sha256) for row in rows]
        new = list({name: row for name, row in zip(names, rows, strict=True) if name not in self._vectors}.values())
        for start in range(0, len(new), AT_ONCE):
            self._read(encoder, new[start : start + AT_ONCE])
        return np.stack([self._vectors[name] for name in names])

    def measured(self, model: Classifier) -> Classifier:
        """Return ``model`` for figures: one of pictures answers from what is remembered, another one as it is."""
        return _OverVectors(model, self) if isinstance(model, EncoderHead) else model

    def _read(self, encoder: PictureEncoder, rows: Sequence[PictureRow]) -> None:
        found = encoder.encode([pixels_of(row, self._pictures, encoder) for row in rows])
        self._vectors |= {(encoder.digest, row.sha256): vector for row, vector in zip(rows, found, strict=True)}


class _OverVectors:
    """A Classifier of pictures that asks ``model`` about their vectors."""

    def __init__(self, model: EncoderHead, memory: PictureMemory) -> None:
        self._model, self._memory = model, memory
        self.labels, self.width, self.calibration = model.labels, model.width, model.calibration

    def predict(self, rows: Rows) -> Probabilities:
        return self._model.predict(self._memory.vectors_of(self._model.encoder, rows))

    def calibrated(self, calibration: Calibrator | None) -> Classifier:
        return _OverVectors(self._model.calibrated(calibration), self._memory)

    def to_bytes(self) -> bytes:
        return self._model.to_bytes()
