"""A small multi-layer perceptron, stored as safetensors: raw numbers and a JSON header, no code."""

from collections.abc import Mapping

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor, nn

from hitl.canonical import canonical
from hitl.inference.classifier import Probabilities
from hitl.inference.engine import Engine
from hitl.inference.rows import Rows
from hitl.inference.safetensors_header import HEADER_KEY, header_of
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

FAMILY = "torch_mlp"
MAX_HIDDEN = 4096
"""Units: bounds what a header can make us allocate."""


class Mlp(nn.Module):
    """Logits ``(n, classes)`` of raw rows ``(n, width)``; the standardisation is part of the model (buffers)."""

    mean: Tensor
    scale: Tensor

    def __init__(self, width: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.width, self.hidden, self.classes = width, hidden, classes
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.layers = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, classes))

    def standardise(self, rows: Tensor) -> None:
        """Take mean and scale from training rows; a constant feature keeps scale 1."""
        spread = rows.std(dim=0, unbiased=False)
        self.mean.copy_(rows.mean(dim=0))
        self.scale.copy_(torch.where(spread > 0, spread, torch.ones_like(spread)))

    def forward(self, rows: Tensor) -> Tensor:
        logits: Tensor = self.layers((rows - self.mean) / self.scale)
        return logits


class TorchMlp:
    """A fitted Mlp as a Classifier on ``device`` (hitl.inference.engine). ``params`` are its hyper-parameters, for people."""

    def __init__(
        self,
        labels: tuple[str, ...],
        module: Mlp,
        params: Mapping[str, object],
        calibration: Calibrator | None = None,
        device: str = "auto",
    ) -> None:
        self._labels, self._params, self._calibration, self._device = labels, params, calibration, device
        self._module, self._engine = module, Engine(module, module.width, device)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    @property
    def width(self) -> int:
        return self._module.width

    @property
    def calibration(self) -> Calibrator | None:
        return self._calibration

    def calibrated(self, calibration: Calibrator | None) -> "TorchMlp":
        return TorchMlp(self._labels, self._module, self._params, calibration, self._device)

    def predict(self, rows: Rows) -> Probabilities:
        return self._engine.probabilities(rows)

    def to_bytes(self, more: Mapping[str, object] | None = None) -> bytes:
        """``more`` replaces or joins what the header says."""
        tensors = {name: tensor.cpu().contiguous() for name, tensor in self._module.state_dict().items()}
        header: dict[str, object] = {"family": FAMILY, "hidden": self._module.hidden}
        header |= {"labels": list(self._labels), "params": self._params}
        if self._calibration is not None:
            header["calibration"] = plain_of(self._calibration)
        return bytes(save_tensors(tensors, metadata={HEADER_KEY: canonical({**header, **(more or {})}).decode()}))


def from_bytes(data: bytes, labels: tuple[str, ...], width: int, device: str = "auto", family: str = FAMILY) -> TorchMlp:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels and width."""
    header = header_of(data)
    if header.get("family") != family or header.get("labels") != list(labels):
        raise ValueError(f"expected family {family} with the task's {len(labels)} labels")
    hidden = header.get("hidden")
    if type(hidden) is not int or not 1 <= hidden <= MAX_HIDDEN:
        raise ValueError(f"expected 1 to {MAX_HIDDEN} hidden units")
    module = Mlp(width, hidden, len(labels))
    _fill(module, data)
    calibration = calibrator_from(header["calibration"]) if "calibration" in header else None
    params = header.get("params", {})
    if not isinstance(params, dict):
        raise ValueError("expected the hyper-parameters as an object")
    return TorchMlp(labels, module, params, calibration, device)


def _fill(module: Mlp, data: bytes) -> None:
    try:
        tensors = load_tensors(data)
        module.load_state_dict(tensors, strict=True)
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(f"tensors do not fit: {error}") from error
    if not all(np.isfinite(tensor.numpy()).all() for tensor in tensors.values()):
        raise ValueError("a tensor is not finite")
