"""Remember the vectors of pictures and texts, so that training and figures read and encode each one once."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.encoders import Encoder
from hitl.inference.picture_encoder import PictureEncoder, Vectors
from hitl.inference.picture_head import PictureHead, pixels_of
from hitl.inference.pictures import PictureRow, PictureSource
from hitl.inference.rows import Rows
from hitl.inference.text_head import TextHead
from hitl.quality.calibration import Calibrator

PICTURES_AT_ONCE, TEXTS_AT_ONCE = 16, 1024
"""Decoded pictures in memory at a time; texts among which an encoder finds those of like length."""

HeadOfEncoder: TypeAlias = PictureHead | TextHead


class VectorMemory:
    """Vectors by the digest of the encoder and the row, for as long as a run lasts."""

    def __init__(self, pictures: PictureSource) -> None:
        self._pictures = pictures
        self._vectors = dict[tuple[str, str], Vectors]()

    def vectors_of(self, encoder: Encoder, rows: Rows) -> Vectors:
        """Return ``(n, width)``. Raises HitlError for a picture that cannot be read: figures shall not be of fewer pictures than
        they say."""
        names = [(encoder.digest, _name_of(row)) for row in rows]
        new = list({name: row for name, row in zip(names, rows, strict=True) if name not in self._vectors}.values())
        at_once = PICTURES_AT_ONCE if isinstance(encoder, PictureEncoder) else TEXTS_AT_ONCE
        for start in range(0, len(new), at_once):
            self._read(encoder, new[start : start + at_once])
        return np.stack([self._vectors[name] for name in names])

    def measured(self, model: Classifier) -> Classifier:
        """Return ``model`` for figures: one over an encoder answers from what is remembered, another one as it is."""
        return _OverVectors(model, self) if isinstance(model, HeadOfEncoder) else model

    def _read(self, encoder: Encoder, rows: Sequence[Any]) -> None:
        if isinstance(encoder, PictureEncoder):
            found = encoder.encode([pixels_of(row, self._pictures, encoder) for row in rows])
        else:
            found = encoder.encode(rows)
        self._vectors |= {(encoder.digest, _name_of(row)): vector for row, vector in zip(rows, found, strict=True)}


def _name_of(row: Any) -> str:
    """A picture is known by its file, a text by itself."""
    return row.sha256 if isinstance(row, PictureRow) else str(row)


class _OverVectors:
    """A Classifier of pictures or texts that asks ``model`` about their vectors."""

    def __init__(self, model: HeadOfEncoder, memory: VectorMemory) -> None:
        self._model, self._memory = model, memory
        self.labels, self.width, self.calibration = model.labels, model.width, model.calibration

    def predict(self, rows: Rows) -> Probabilities:
        return self._model.predict(self._memory.vectors_of(self._model.encoder, rows))

    def calibrated(self, calibration: Calibrator | None) -> Classifier:
        return _OverVectors(self._model.calibrated(calibration), self._memory)

    def to_bytes(self) -> bytes:
        return self._model.to_bytes()
