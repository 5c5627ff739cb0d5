"""A text model: an installed sentence encoder, and a small perceptron over its vectors, which is the artifact."""

import json
from typing import Any, Protocol

import numpy as np

from hitl.inference import torch_mlp
from hitl.inference.classifier import Probabilities
from hitl.inference.encoder import EXTRA, WIDTH, Vectors, installed_encoder
from hitl.inference.rows import Rows
from hitl.inference.safetensors_header import ENCODER_KEY, header_of
from hitl.inference.torch_mlp import TorchMlp
from hitl.quality.calibration import Calibrator

FAMILY = "sentence_mlp"


class Encoder(Protocol):
    """hitl.inference.encoder.SentenceEncoder."""

    @property
    def manifest(self) -> dict[str, str]: ...

    def encode(self, texts: Any) -> Vectors: ...


class SentenceMlp:
    """A Classifier of width 0. The artifact holds the head's tensors and the encoder's digests, not the encoder."""

    width = 0

    def __init__(self, head: TorchMlp, encoder: Encoder) -> None:
        self._head, self._encoder = head, encoder

    @property
    def labels(self) -> tuple[str, ...]:
        return self._head.labels

    @property
    def calibration(self) -> Calibrator | None:
        return self._head.calibration

    def calibrated(self, calibration: Calibrator | None) -> "SentenceMlp":
        return SentenceMlp(self._head.calibrated(calibration), self._encoder)

    def predict(self, rows: Rows) -> Probabilities:
        return self._head.predict(self._encoder.encode(rows.tolist()))

    def to_bytes(self) -> bytes:
        return self._head.to_bytes({"family": FAMILY, ENCODER_KEY: self._encoder.manifest})


def from_bytes(data: bytes, labels: tuple[str, ...], device: str = "auto") -> SentenceMlp:
    """Return the model in ``data``, on the installed encoder. Raises ValueError for another encoder than the one that it names,
    and InvalidConfig where none is installed."""
    named, encoder = header_of(data).get(ENCODER_KEY), installed_encoder()
    if named != encoder.manifest:
        raise ValueError(f"its encoder is {json.dumps(named)}; {EXTRA} brings {json.dumps(encoder.manifest)}")
    return SentenceMlp(torch_mlp.from_bytes(data, labels, WIDTH, device, FAMILY), encoder)


def embedded(texts: Rows) -> Rows:
    """Return the vectors of texts, for a head to be trained on. Raises InvalidConfig where no encoder is installed."""
    return np.asarray(installed_encoder().encode(texts.tolist()))
