"""The perceptron of ``torch_mlp`` on a CPU, computed by numpy: a process that only serves it needs no torch."""

from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from hitl.inference.classifier import Probabilities
from hitl.inference.mlp_file import FAMILY, MlpFile, mlp_from
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator


class NumpyMlp:
    """A Classifier. Computed in float32 as on every device (hitl.inference.engine); the softmax is taken in float64. It sets one
    thread for numpy in all of the process: replicas share the cores, and more threads wait for one another over such layers."""

    def __init__(self, file: MlpFile) -> None:
        threadpool_limits(1, user_api="blas")
        self._file = file
        self._mean, self._scale = file.tensors["mean"], file.tensors["scale"]
        self._inner, self._inner_bias = file.tensors["layers.0.weight"].T, file.tensors["layers.0.bias"]
        self._outer, self._outer_bias = file.tensors["layers.2.weight"].T, file.tensors["layers.2.bias"]

    @property
    def labels(self) -> tuple[str, ...]:
        return self._file.labels

    @property
    def width(self) -> int:
        return len(self._mean)

    @property
    def calibration(self) -> Calibrator | None:
        return self._file.calibration

    def calibrated(self, calibration: Calibrator | None) -> "NumpyMlp":
        return NumpyMlp(replace(self._file, calibration=calibration))

    def predict(self, rows: Rows) -> Probabilities:
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is the caller's to refuse, as from torch
            states = np.asarray(rows, dtype=np.float32) - self._mean
            states /= self._scale
            states = states @ self._inner
            states += self._inner_bias
            np.maximum(states, 0.0, out=states)
            logits = (states @ self._outer + self._outer_bias).astype(np.float64)
            logits -= logits.max(axis=1, keepdims=True)
            likely = np.exp(logits, out=logits)
            return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def to_bytes(self) -> bytes:
        return self._file.to_bytes()


def from_bytes(data: bytes, labels: tuple[str, ...], width: int) -> NumpyMlp:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels and width."""
    return NumpyMlp(mlp_from(data, labels, width, FAMILY))
