"""Tell the formats of models apart: the one place where they are."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hitl.errors import InvalidConfig
from training.importing import boosters, estimators, graphs, modules
from training.importing.original import Original, Wanted

CODE = {".pkl", ".pickle", ".joblib", ".pt", ".pth", ".pt2", ".bin", ".h5"}
"""Reading one of these runs code that is in it, or may."""

BY_ENDING: dict[str, Callable[[Path, Wanted], Original]] = {
    ".onnx": graphs.graph_original,
    ".ubj": boosters.xgboost_original,
    ".json": boosters.xgboost_original,
    ".txt": boosters.lightgbm_original,
    ".skops": estimators.skops_original,
}

HOW = "expected .onnx, .ubj or .json (XGBoost), .txt (LightGBM), .skops, or module:function that returns a fitted model"


def original_of(model: str, wanted: Wanted) -> Original:
    """Return the model in the file ``model``, or the one that ``module:function`` returns when it is called in this process.

    Raises InvalidConfig for a format that is refused, an unreadable file, and a missing library."""
    made = _called(model) if ":" in model and not Path(model).exists() else None
    try:
        return _of_file(Path(model), wanted) if made is None else _of_object(made, wanted)
    except ImportError as error:
        raise InvalidConfig("model", "format", f"{error.name} is not installed: pip install 'ray-hitl[import]'") from error


def _of_file(file: Path, wanted: Wanted) -> Original:
    if file.suffix in CODE:
        why = f"reading {file.suffix} can run what is in it: load it in a function of yours and give module:function"
        raise InvalidConfig(file.name, "format", why)
    if file.suffix not in BY_ENDING:
        raise InvalidConfig(file.name, "format", HOW)
    if not file.is_file():
        raise InvalidConfig(file.name, "file", "there is none")
    try:
        return BY_ENDING[file.suffix](file, wanted)
    except (ImportError, InvalidConfig):
        raise
    except Exception as error:  # each library raises its own for a broken file
        raise InvalidConfig(file.name, "file", f"{type(error).__name__}: {str(error)[:500]}") from error


def _called(reference: str) -> Any:
    module, _, function = reference.partition(":")
    try:
        made = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise InvalidConfig("model", reference, f"{error}; is its folder on PYTHONPATH?") from error
    return made()  # what it raises is the caller's own


def _of_object(model: Any, wanted: Wanted) -> Original:
    if hasattr(model, "predict_proba"):
        return estimators.estimator_original(model, wanted)
    if hasattr(model, "state_dict") and callable(model):
        return modules.module_original(model, wanted)
    raise InvalidConfig("model", type(model).__name__, "expected a classifier with predict_proba, or a torch module")
