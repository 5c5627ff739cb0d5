"""Turn the pictures of a training run into their encoder's vectors, once for all trials: the heads are trained on those."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import InvalidConfig
from hitl.inference.artifact import MAX_BYTES
from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.encoder_head import EncoderHead, head_model_from, pixels_of
from hitl.inference.picture_encoder import PictureEncoder, Vectors, encoder_from
from hitl.inference.pictures import PictureRow, PictureSource
from hitl.inference.rows import Rows
from hitl.inference.sample import TrainingSample
from hitl.quality.calibration import Calibrator
from hitl.tasks import TaskSpec

Say = Callable[[str], None]
AT_ONCE = 16
"""Pictures in memory at a time."""


class Encoding:
    """``vectors`` are known by the digests of the files; each picture is read once a run."""

    def __init__(self, encoder: PictureEncoder, pictures: PictureSource) -> None:
        self.encoder, self._pictures = encoder, pictures
        self._vectors = dict[str, Vectors]()

    def encoded(self, sample: TrainingSample) -> TrainingSample:
        """Return the sample with vectors for rows. Raises HitlError for a picture that cannot be read: a model shall not learn
        from fewer examples than the run's record says."""
        return replace(sample, rows=self.vectors_of(sample.rows))

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return ``(n, width)``."""
        new = list({row.sha256: row for row in rows if row.sha256 not in self._vectors}.values())
        for start in range(0, len(new), AT_ONCE):
            self._read(new[start : start + AT_ONCE])
        return np.stack([self._vectors[row.sha256] for row in rows])

    def _read(self, rows: list[PictureRow]) -> None:
        found = self.encoder.encode([pixels_of(row, self._pictures, self.encoder) for row in rows])
        self._vectors |= {row.sha256: vector for row, vector in zip(rows, found, strict=True)}

    def joined(self, packed: bytes, labels: tuple[str, ...]) -> bytes:
        """Return the artifact of the head in ``packed`` with the encoder."""
        return head_model_from(packed, labels, self.encoder.width).joined_bytes(self.encoder)

    def measured(self, model: Classifier) -> Classifier:
        """Return ``model`` for figures: one over this encoder answers from the vectors that are known, another one reads each
        picture by itself, once."""
        assert isinstance(model, EncoderHead)
        if model.encoder.digest == self.encoder.digest:
            return _OverVectors(model, self)
        return _OverVectors(model, Encoding(model.encoder, self._pictures))

    def timed(self, model: Classifier) -> Classifier:
        """Return ``model`` as it serves: it reads, decodes and encodes each picture each time."""
        assert isinstance(model, EncoderHead)
        return model.seeing(self._pictures)


class _OverVectors:
    """A Classifier of pictures that asks ``model`` about their vectors."""

    def __init__(self, model: EncoderHead, encoding: Encoding) -> None:
        self._model, self._encoding = model, encoding
        self.labels, self.width, self.calibration = model.labels, model.width, model.calibration

    def predict(self, rows: Rows) -> Probabilities:
        return self._model.predict(self._encoding.vectors_of(rows))

    def calibrated(self, calibration: Calibrator | None) -> Classifier:
        return _OverVectors(self._model.calibrated(calibration), self._encoding)

    def to_bytes(self) -> bytes:
        return self._model.to_bytes()


def encoding_of(spec: TaskSpec, store: ArtifactStore, pictures: PictureSource, say: Say) -> Encoding | None:
    """Return the encoding of a task whose model has an encoder; None for the others. Raises ArtifactRejected where the store has
    none of that name, InvalidConfig for one that is refused."""
    digest = spec.model.encoder
    if digest is None:
        return None
    data = store.get(digest)
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES} bytes")
        encoder = encoder_from(data)
    except ValueError as error:
        raise InvalidConfig(spec.task, "model.encoder", str(error)) from error
    say(f"encoder {digest[:12]}: {encoder.width} numbers a picture")
    return Encoding(encoder, pictures)
