"""The family ``onnx``: a model that somebody trained elsewhere, imported as a graph of standard operators."""

from importlib.util import find_spec
from typing import Any

from hitl.errors import InvalidConfig
from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.rows import NUMBERS
from hitl.inference.safetensors_header import family_in, is_safetensors
from hitl.inference.sample import TrainingSample

EXTRA = "pip install 'ray-hitl[onnx]'"


class ImportedFamily(Family):
    name = "onnx"
    reads = frozenset({NUMBERS})
    file_ending = "safetensors"
    loads_with = ("hitl.inference.onnx_model",)
    is_bendable = True
    is_trained_here = False
    is_foreign = True

    def fit(self, sample: TrainingSample, params: dict[str, Any], seed: int, place: WorkerPlace = ALONE) -> Classifier:
        raise InvalidConfig("model", "family", "onnx is trained elsewhere: import the next model with `hitl model import`")

    def recognises(self, data: bytes) -> bool:
        return is_safetensors(data) and family_in(data) == self.name

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference import onnx_model

        return onnx_model.from_bytes(data, labels, width, device)

    def require_installed(self) -> None:
        if any(find_spec(module) is None for module in ("onnx", "onnxruntime")):
            raise InvalidConfig("model", "family", f"onnx needs ONNX Runtime: {EXTRA}")
