"""Models as bytes that are safe to load: safetensors, or skops with our own list of types, never a pickle."""

from hitl.inference.artifact import load, pack
from hitl.inference.classifier import Classifier, blank_rows, rows_of
from hitl.inference.sentence_mlp import SentenceMlp
from hitl.inference.sklearn_model import FAMILIES, SklearnModel
from hitl.inference.torch_mlp import Mlp, TorchMlp

__all__ = ["FAMILIES", "Classifier", "Mlp", "SentenceMlp", "SklearnModel", "TorchMlp", "blank_rows", "load", "pack", "rows_of"]
