"""A small multi-layer perceptron in torch: what training makes, and what a GPU serves."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from hitl.inference.classifier import Probabilities
from hitl.inference.engine import Engine
from hitl.inference.mlp_file import FAMILY, MlpFile, mlp_from
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator


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
        tensors = {name: tensor.cpu().numpy() for name, tensor in self._module.state_dict().items()}
        return MlpFile(self._labels, self._module.hidden, self._params, self._calibration, tensors).to_bytes(more)


def from_bytes(data: bytes, labels: tuple[str, ...], width: int, device: str = "auto", family: str = FAMILY) -> TorchMlp:
    """Return the model in ``data``. Raises ValueError for a file that is not one of ours with these labels and width."""
    file = mlp_from(data, labels, width, family)
    module = Mlp(width, file.hidden, len(labels))
    module.load_state_dict({name: torch.tensor(tensor) for name, tensor in file.tensors.items()}, strict=True)
    return TorchMlp(labels, module, file.params, file.calibration, device)
