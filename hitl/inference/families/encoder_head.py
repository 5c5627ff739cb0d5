"""The family ``encoder_head``: an encoder of pictures or texts from outside, and a head over its vectors that is trained here."""

from importlib.util import find_spec

from hitl.errors import InvalidConfig
from hitl.inference.classifier import Classifier
from hitl.inference.families.family import ALONE, Family, WorkerPlace
from hitl.inference.families.imported import EXTRA
from hitl.inference.families.perceptron import MLP_PARAMETERS
from hitl.inference.rows import PICTURE, PICTURE_WIDTH, TEXT
from hitl.inference.safetensors_header import family_in, is_safetensors
from hitl.inference.sample import Hyperparameters, TrainingSample


class EncoderHeadFamily(Family):
    """``fit`` gets rows that are the encoder's vectors already (training.encoding), and returns the head alone."""

    name = "encoder_head"
    reads = frozenset({PICTURE, TEXT})
    parameters = MLP_PARAMETERS | {"C"}
    file_ending = "safetensors"
    loads_with = ("hitl.inference.picture_head", "hitl.inference.text_head")
    is_foreign = True
    has_encoder = True
    waits = True

    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        from hitl.inference.head_fit import fit_head
        from hitl.inference.head_model import HeadModel

        return HeadModel(sample.labels, fit_head(sample, params, seed), params)

    def recognises(self, data: bytes) -> bool:
        return is_safetensors(data) and family_in(data) == self.name

    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        from hitl.inference import picture_head, text_head

        if width not in (PICTURE_WIDTH, 0):
            raise ValueError("a head over an encoder reads pictures or texts, and nothing else")
        if width == 0:
            return text_head.from_bytes(data, labels, device)
        return picture_head.from_bytes(data, labels, device)

    def require_installed(self) -> None:
        if any(find_spec(module) is None for module in ("onnx", "onnxruntime", "tokenizers")):
            raise InvalidConfig("model", "family", f"{self.name} needs ONNX Runtime and tokenizers: {EXTRA}")
