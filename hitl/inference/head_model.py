"""A head that was trained here, alone and joined with its encoder in one file.

The joined file holds the encoder's own file, byte for byte, so that its SHA-256 covers everything that serves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from hitl.canonical import JsonObject, canonical
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.inference.safetensors_header import HEADER_KEY, header_of
from hitl.inference.vector_head import VectorHead, head_from
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

FAMILY = "encoder_head"
ENCODER = "encoder.safetensors"


class EncoderFile(Protocol):
    """An encoder of pictures or texts: the bytes of its file, their SHA-256, and how many numbers one vector has."""

    data: bytes
    digest: str

    @property
    def width(self) -> int: ...


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

    def joined_bytes(self, encoder: EncoderFile) -> bytes:
        """Return the artifact of the head with its encoder."""
        return self._saved({ENCODER: np.frombuffer(encoder.data, dtype=np.uint8)}, {"encoder": encoder.digest})

    def _saved(self, tensors: Mapping[str, np.ndarray], more: Mapping[str, object]) -> bytes:
        header: dict[str, object] = {"family": FAMILY, "labels": list(self.labels), "params": dict(self.params), **more}
        if self.calibration is not None:
            header["calibration"] = plain_of(self.calibration)
        named = {**self.head.tensors(), **tensors}
        return bytes(save_tensors(named, metadata={HEADER_KEY: canonical(header).decode()}))


AnEncoder = TypeVar("AnEncoder", bound=EncoderFile)


class OverEncoder(Generic[AnEncoder]):
    """What every Classifier of a head over an encoder tells of itself."""

    def __init__(self, head: HeadModel, encoder: AnEncoder) -> None:
        self._head, self.encoder = head, encoder

    @property
    def labels(self) -> tuple[str, ...]:
        return self._head.labels

    @property
    def calibration(self) -> Calibrator | None:
        return self._head.calibration

    def to_bytes(self) -> bytes:
        return self._head.joined_bytes(self.encoder)


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """What a file of ``HeadModel.joined_bytes`` holds, unread: the ``encoder``'s own file, and the head's tensors."""

    encoder: bytes
    header: JsonObject
    tensors: dict[str, np.ndarray]

    def head(self, labels: tuple[str, ...], encoder: EncoderFile) -> HeadModel:
        """Return the head. Raises ValueError for one of other labels, one that does not fit the ``encoder``'s vectors, and where
        the header names another encoder."""
        if self.header.get("encoder") != encoder.digest:
            raise ValueError("the header names another encoder than the file holds")
        return _head_of(self.header, self.tensors, labels, encoder.width)


def read_joined(data: bytes) -> JoinedFile:
    """Raises ValueError for bytes that are no such file."""
    tensors = _tensors(data)
    return JoinedFile(tensors.pop(ENCODER, np.zeros(0, dtype=np.uint8)).tobytes(), header_of(data), tensors)


def head_model_from(data: bytes, labels: tuple[str, ...], width: int) -> HeadModel:
    """Return the head in ``data``, a file of ``HeadModel.to_bytes``. Raises ValueError."""
    return _head_of(header_of(data), _tensors(data), labels, width)


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    try:
        return dict(load_tensors(data))
    except SafetensorError as error:
        raise ValueError(f"not a head over an encoder: {error}") from error


def _head_of(header: JsonObject, tensors: dict[str, np.ndarray], labels: tuple[str, ...], width: int) -> HeadModel:
    params, calibration = header.get("params"), header.get("calibration")
    if header.get("family") != FAMILY or header.get("labels") != list(labels) or not isinstance(params, dict):
        raise ValueError(f"expected family {FAMILY} with the task's {len(labels)} labels")
    said = None if calibration is None else calibrator_from(calibration)
    return HeadModel(labels, head_from(tensors, width, len(labels)), params, said)
