"""An imported model: an ONNX graph over rows of numbers, run by ONNX Runtime."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hitl.inference.classifier import Probabilities
from hitl.inference.onnx_bundle import OnnxBundle, bundle_from
from hitl.inference.onnx_graph import read_graph
from hitl.inference.onnx_session import open_session
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator

SUM_WITHIN = 1e-3
"""Of 1, for what a graph calls probabilities: float32 sums of many classes are not exact. More is no distribution."""

ROUNDING = 1e-5
"""Below zero: what float32 makes of one minus a sum. More is no probability."""


class OnnxModel:
    """A Classifier. ``device`` is one of hitl.inference.engine.DEVICES. On a CPU one thread a call, because replicas share the
    cores. Raises ValueError for a graph that is refused or cannot be run."""

    def __init__(self, bundle: OnnxBundle, device: str = "auto") -> None:
        facts = read_graph(bundle.graph)
        if facts.width not in (None, bundle.width) or bundle.output not in facts.outputs:
            raise ValueError(f"the graph takes {facts.width} numbers and gives {facts.outputs}; the header says otherwise")
        self._bundle, self._device, self._input = bundle, device, facts.input
        self._session = open_session(bundle.graph, device)
        self._columns = list(bundle.columns)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._bundle.labels

    @property
    def width(self) -> int:
        return self._bundle.width

    @property
    def calibration(self) -> Calibrator | None:
        return self._bundle.calibration

    def calibrated(self, calibration: Calibrator | None) -> "OnnxModel":
        return OnnxModel(replace(self._bundle, calibration=calibration), self._device)

    def predict(self, rows: Rows) -> Probabilities:
        """Raises ValueError where the graph's output is no distribution over the labels."""
        (said,) = self._session.run([self._bundle.output], {self._input: np.ascontiguousarray(rows, dtype=np.float32)})
        probabilities = _FORMS[self._bundle.form](np.asarray(said, dtype=np.float64), len(rows))
        if probabilities.shape != (len(rows), len(self._columns)):
            raise ValueError(f"expected {len(self._columns)} columns, came {probabilities.shape[1:]}")
        return np.ascontiguousarray(_normalised(probabilities)[:, self._columns])

    def to_bytes(self) -> bytes:
        return self._bundle.to_bytes()


def from_bytes(data: bytes, labels: tuple[str, ...], width: int, device: str = "auto") -> OnnxModel:
    """Return the model in ``data``. Raises ValueError for a bundle of other labels or another width, and for a graph that is
    refused."""
    bundle = bundle_from(data)
    if bundle.labels != labels or bundle.width != width:
        raise ValueError(f"expected the task's {len(labels)} labels over {width} numbers")
    return OnnxModel(bundle, device)


def _normalised(probabilities: Probabilities) -> Probabilities:
    totals = probabilities.sum(axis=1, keepdims=True)
    if not np.isfinite(probabilities).all() or (probabilities < -ROUNDING).any() or (np.abs(totals - 1) > SUM_WITHIN).any():
        raise ValueError("the graph's output is no distribution: not finite, negative, or its sum is not 1")
    positive = np.maximum(probabilities, 0.0)
    return np.asarray(positive / positive.sum(axis=1, keepdims=True), dtype=np.float64)


def _softmax(logits: NDArray[np.float64], n: int) -> Probabilities:
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _of_second(positive: NDArray[np.float64], n: int) -> Probabilities:
    second = positive.reshape(n)
    return np.stack([1 - second, second], axis=1)


def _of_second_logit(logits: NDArray[np.float64], n: int) -> Probabilities:
    logit = logits.reshape(n)
    return _softmax(np.stack([np.zeros(n), logit], axis=1), n)


_FORMS = {
    "probabilities": lambda said, n: said,
    "logits": _softmax,
    "positive": _of_second,
    "positive_logit": _of_second_logit,
}
