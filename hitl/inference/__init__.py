"""Models as bytes that are safe to load: safetensors, or skops with our own list of types, never a pickle.

The model classes are imported when they are asked for: a process that only reads task files starts without torch.
"""

import importlib
from typing import TYPE_CHECKING, Any

from hitl.inference.artifact import load, pack
from hitl.inference.classifier import Classifier
from hitl.inference.families import FAMILIES
from hitl.inference.rows import blank_rows, rows_of

if TYPE_CHECKING:
    from hitl.inference.sentence_mlp import SentenceMlp
    from hitl.inference.sklearn_model import SklearnModel
    from hitl.inference.torch_mlp import Mlp, TorchMlp

__all__ = ["FAMILIES", "Classifier", "Mlp", "SentenceMlp", "SklearnModel", "TorchMlp", "blank_rows", "load", "pack", "rows_of"]

_LAZY = {"Mlp": "torch_mlp", "SentenceMlp": "sentence_mlp", "SklearnModel": "sklearn_model", "TorchMlp": "torch_mlp"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)
