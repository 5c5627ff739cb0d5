"""The family ``torch_mlp``: a small perceptron over numbers, stored as safetensors."""

from hitl.inference.classifier import Classifier
from hitl.inference.cuda_driver import may_have_gpu
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.rows import NUMBERS
from hitl.inference.safetensors_header import is_safetensors, names_encoder
from hitl.inference.sample import Hyperparameters, TrainingSample

MLP_PARAMETERS = frozenset({"hidden", "learning_rate", "weight_decay", "epochs", "batch_size"})
"""The fields of hitl.inference.torch_fit.MlpParams, known without torch."""


class PerceptronFamily(Family):
    name = "torch_mlp"
    reads = frozenset({NUMBERS})
    parameters = MLP_PARAMETERS
    file_ending = "safetensors"
    loads_with = ("hitl.inference.numpy_mlp",)
    fits_in_group = True

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        from hitl.inference import torch_fit
        from hitl.inference.torch_mlp import TorchMlp

        return TorchMlp(sample.labels, torch_fit.fit(sample, params, seed, place), params)

    def recognises(self, data: bytes) -> bool:
        return is_safetensors(data) and not names_encoder(data)

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        if _needs_torch(device):
            from hitl.inference import torch_mlp

            return torch_mlp.from_bytes(data, labels, width, device)
        from hitl.inference import numpy_mlp

        return numpy_mlp.from_bytes(data, labels, width)

    def libraries(self, device: str) -> tuple[str, ...]:
        return ("hitl.inference.torch_mlp",) if _needs_torch(device) else self.loads_with


def _needs_torch(device: str) -> bool:
    """Tell whether torch must say what ``device`` is. On a CPU numpy computes the same, without torch's 200 MiB and seconds."""
    return device != "cpu" and (device != "auto" or may_have_gpu())
