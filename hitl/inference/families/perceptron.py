"""The family ``torch_mlp``: a small perceptron over numbers, stored as safetensors."""

from hitl.inference.classifier import Classifier
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
    loads_with = ("hitl.inference.torch_mlp",)
    fits_in_group = True

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        from hitl.inference import torch_fit
        from hitl.inference.torch_mlp import TorchMlp

        return TorchMlp(sample.labels, torch_fit.fit(sample, params, seed, place), params)

    def recognises(self, data: bytes) -> bool:
        return is_safetensors(data) and not names_encoder(data)

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference import torch_mlp

        return torch_mlp.from_bytes(data, labels, width, device)
