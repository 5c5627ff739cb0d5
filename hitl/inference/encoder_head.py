"""A model that reads pictures: an encoder from outside and a head that was trained here, in one file.

The file holds the encoder's own file, byte for byte, so that its SHA-256 covers everything that serves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from hitl.canonical import canonical
from hitl.errors import HitlError, StoreUnavailable
from hitl.inference.classifier import Probabilities
from hitl.inference.picture_encoder import PictureEncoder, encoder_from
from hitl.inference.pictures import PictureRow, PictureSource, Pixels, blank_pixels
from hitl.inference.rows import NUMBERS, PICTURE_WIDTH, Rows, form_of_rows
from hitl.inference.safetensors_header import HEADER_KEY, header_of
from hitl.inference.vector_head import VectorHead, head_from
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

FAMILY = "encoder_head"
ENCODER = "encoder.safetensors"

Told = Callable[[str], None]


def _silent(why: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class HeadModel:
    """A Classifier over vectors: the head alone, as training makes it. It serves nothing before it is joined with its encoder."""

    labels: tuple[str, ...]
    head: VectorHead
    params: Mapping[str, object]
    calibration: Calibrator | None = None

    @property
    def width(self) -> int:
        return self.head.width

    def predict(self, rows: Rows) -> Probabilities:
        return self.head.probabilities(rows)

    def calibrated(self, calibration: Calibrator | None) -> "HeadModel":
        return replace(self, calibration=calibration)

    def to_bytes(self) -> bytes:
        return self._saved({}, {})

    def joined_bytes(self, encoder: PictureEncoder) -> bytes:
        """Return the artifact of the head with its encoder."""
        return self._saved({ENCODER: np.frombuffer(encoder.data, dtype=np.uint8)}, {"encoder": encoder.digest})

    def _saved(self, tensors: Mapping[str, np.ndarray], more: Mapping[str, object]) -> bytes:
        header: dict[str, object] = {"family": FAMILY, "labels": list(self.labels), "params": dict(self.params), **more}
        if self.calibration is not None:
            header["calibration"] = plain_of(self.calibration)
        named = {**self.head.tensors(), **tensors}
        return bytes(save_tensors(named, metadata={HEADER_KEY: canonical(header).decode()}))


class EncoderHead:
    """A Classifier over pictures. It also reads rows that are its encoder's vectors already, as training has them.

    A picture that cannot be read gets no numbers (NaN), and its case goes to people; the others of its batch keep theirs."""

    width = PICTURE_WIDTH

    def __init__(
        self, head: HeadModel, encoder: PictureEncoder, pictures: PictureSource | None = None, told: Told = _silent
    ) -> None:
        self._head, self.encoder, self._pictures, self._told = head, encoder, pictures, told

    @property
    def labels(self) -> tuple[str, ...]:
        return self._head.labels

    @property
    def calibration(self) -> Calibrator | None:
        return self._head.calibration

    def calibrated(self, calibration: Calibrator | None) -> "EncoderHead":
        return EncoderHead(self._head.calibrated(calibration), self.encoder, self._pictures, self._told)

    def seeing(self, pictures: PictureSource, told: Told = _silent) -> "EncoderHead":
        """Return the same model with a source of pictures; ``told`` hears of each that cannot be read."""
        return EncoderHead(self._head, self.encoder, pictures, told)

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

    def to_bytes(self) -> bytes:
        return self._head.joined_bytes(self.encoder)


def pixels_of(row: PictureRow, pictures: PictureSource | None, encoder: PictureEncoder) -> Pixels:
    """Return the picture as the encoder's recipe scales and cuts it. Raises HitlError for one that cannot be read."""
    if row.is_blank:
        return blank_pixels(row, encoder.recipe)
    if pictures is None:
        raise StoreUnavailable("no pictures are read in this process")
    return pictures.pixels(row, encoder.recipe)


def head_model_from(data: bytes, labels: tuple[str, ...], width: int) -> HeadModel:
    """Return the head in ``data``, a file of ``HeadModel.to_bytes``. Raises ValueError."""
    return _head_of(data, _tensors(data), labels, width)


def from_bytes(data: bytes, labels: tuple[str, ...], device: str = "auto") -> EncoderHead:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels, and for an encoder
    that is refused or another one than its header names."""
    tensors = _tensors(data)
    encoder = encoder_from(tensors.pop(ENCODER, np.zeros(0, dtype=np.uint8)).tobytes(), device)
    if header_of(data).get("encoder") != encoder.digest:
        raise ValueError("the header names another encoder than the file holds")
    return EncoderHead(_head_of(data, tensors, labels, encoder.width), encoder)


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    try:
        return dict(load_tensors(data))
    except SafetensorError as error:
        raise ValueError(f"not a model of pictures: {error}") from error


def _head_of(data: bytes, tensors: dict[str, np.ndarray], labels: tuple[str, ...], width: int) -> HeadModel:
    header = header_of(data)
    params = header.get("params")
    if header.get("family") != FAMILY or header.get("labels") != list(labels) or not isinstance(params, dict):
        raise ValueError(f"expected family {FAMILY} with the task's {len(labels)} labels")
    calibration = calibrator_from(header["calibration"]) if "calibration" in header else None
    return HeadModel(labels, head_from(tensors, width, len(labels)), params, calibration)
