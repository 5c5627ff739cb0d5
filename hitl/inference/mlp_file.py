"""The file of a small multi-layer perceptron: raw numbers and a JSON header, no code. Read and written without torch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from hitl.canonical import canonical
from hitl.inference.safetensors_header import HEADER_KEY, header_of
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

FAMILY = "torch_mlp"
MAX_HIDDEN = 4096
"""Units: bounds what a header can make us allocate."""

Tensor = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class MlpFile:
    """``tensors`` by their names in the module ``hitl.inference.torch_mlp.Mlp``: ``mean`` and ``scale`` ``(width,)``; of
    ``layers.0`` and ``layers.2`` a ``weight`` ``(out, in)`` and a ``bias`` ``(out,)``. ``params`` are hyper-parameters, for
    people."""

    labels: tuple[str, ...]
    hidden: int
    params: Mapping[str, object]
    calibration: Calibrator | None
    tensors: Mapping[str, Tensor]

    def to_bytes(self, more: Mapping[str, object] | None = None) -> bytes:
        """``more`` replaces or joins what the header says."""
        header: dict[str, object] = {"family": FAMILY, "hidden": self.hidden}
        header |= {"labels": list(self.labels), "params": self.params}
        if self.calibration is not None:
            header["calibration"] = plain_of(self.calibration)
        tensors = {name: np.ascontiguousarray(tensor) for name, tensor in self.tensors.items()}
        return bytes(save_tensors(tensors, metadata={HEADER_KEY: canonical({**header, **(more or {})}).decode()}))


def mlp_from(data: bytes, labels: tuple[str, ...], width: int, family: str = FAMILY) -> MlpFile:
    """Return what is in ``data``. Raises ValueError for a file that is not one of ours with these labels and width."""
    header = header_of(data)
    if header.get("family") != family or header.get("labels") != list(labels):
        raise ValueError(f"expected family {family} with the task's {len(labels)} labels")
    hidden = header.get("hidden")
    if type(hidden) is not int or not 1 <= hidden <= MAX_HIDDEN:
        raise ValueError(f"expected 1 to {MAX_HIDDEN} hidden units")
    tensors = _tensors_in(data, width, hidden, len(labels))
    calibration = calibrator_from(header["calibration"]) if "calibration" in header else None
    params = header.get("params", {})
    if not isinstance(params, dict):
        raise ValueError("expected the hyper-parameters as an object")
    return MlpFile(labels, hidden, params, calibration, tensors)


def _tensors_in(data: bytes, width: int, hidden: int, classes: int) -> dict[str, Tensor]:
    expected: dict[str, tuple[int, ...]] = {
        "mean": (width,),
        "scale": (width,),
        "layers.0.weight": (hidden, width),
        "layers.0.bias": (hidden,),
        "layers.2.weight": (classes, hidden),
        "layers.2.bias": (classes,),
    }
    try:
        tensors: dict[str, Tensor] = load_tensors(data)
    except SafetensorError as error:
        raise ValueError(f"tensors do not fit: {error}") from error
    if {name: tensor.shape for name, tensor in tensors.items()} != expected:
        raise ValueError(f"tensors do not fit: expected the shapes {expected}")
    if any(tensor.dtype != np.float32 for tensor in tensors.values()):
        raise ValueError("tensors do not fit: expected float32")
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise ValueError("a tensor is not finite")
    return tensors
