"""The family ``sentence_mlp``: a perceptron over the vectors of a sentence encoder, which is an optional extra."""

from dataclasses import replace

from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.families.perceptron import MLP_PARAMETERS
from hitl.inference.rows import TEXT
from hitl.inference.safetensors_header import is_safetensors, names_encoder
from hitl.inference.sample import Hyperparameters, TrainingSample


class SentenceFamily(Family):
    name = "sentence_mlp"
    reads = frozenset({TEXT})
    parameters = MLP_PARAMETERS
    file_ending = "safetensors"
    loads_with = ("hitl.inference.sentence_mlp", "hitl.inference.torch_mlp")

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        from hitl.inference import sentence_mlp, torch_fit
        from hitl.inference.encoder import installed_encoder
        from hitl.inference.torch_mlp import TorchMlp

        encoded = replace(sample, rows=sentence_mlp.embedded(sample.rows))
        head = TorchMlp(sample.labels, torch_fit.fit(encoded, params, seed, place), params)
        return sentence_mlp.SentenceMlp(head, installed_encoder())

    def recognises(self, data: bytes) -> bool:
        return is_safetensors(data) and names_encoder(data)

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference import sentence_mlp

        if width:
            raise ValueError(f"expected {width} numbers a row; a sentence model reads texts")
        return sentence_mlp.from_bytes(data, labels, device)

    def require_installed(self) -> None:
        from hitl.inference.encoder import require_installed  # a service without texts starts without torch

        require_installed()
