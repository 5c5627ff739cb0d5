"""Gradient boosting of XGBoost and LightGBM: their files hold numbers alone, and their libraries read them."""

from pathlib import Path
from typing import Any

from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.onnx_bundle import GraphSource, OnnxBundle
from hitl.inference.rows import Rows
from training.importing.original import Original, Wanted, in_order

OPSET = 15
"""The newest that onnxmltools converts to."""

PROBABLE = {"binary:logistic", "multi:softprob", "multi:softmax"}
"""XGBoost's objectives that give probabilities."""


def xgboost_original(file: Path, wanted: Wanted) -> Original:
    """Return a booster that was saved as JSON, UBJSON or in XGBoost's older binary form. Raises InvalidConfig."""
    import onnxmltools
    import xgboost

    booster = xgboost.Booster(model_file=file)
    objective, classes = _objective(booster)
    if objective not in PROBABLE:
        raise InvalidConfig("model", "objective", f"{objective} gives no probabilities: expected {', '.join(sorted(PROBABLE))}")
    _check_shape(booster.num_features(), classes, wanted)
    booster.feature_names, columns = None, wanted.columns()
    if objective == "multi:softmax":  # the same trees; the other name gives every class's probability
        booster.set_param({"objective": "multi:softprob"})
    graph = onnxmltools.convert_xgboost(booster, initial_types=_inputs(onnxmltools, wanted.width), target_opset=OPSET)
    source = GraphSource(f"xgboost {xgboost.__version__} via onnxmltools {onnxmltools.__version__}", _digest(file))

    def predict(rows: Rows) -> Any:
        return in_order(booster.predict(xgboost.DMatrix(rows)), columns)

    return Original(_bundle(graph, wanted, columns, source), predict)


def lightgbm_original(file: Path, wanted: Wanted) -> Original:
    """Return a booster that LightGBM saved as text. Raises InvalidConfig."""
    import lightgbm
    import onnxmltools

    booster = lightgbm.Booster(model_file=str(file))
    _check_shape(booster.num_feature(), max(booster.num_model_per_iteration(), 2), wanted)
    columns = wanted.columns()
    types = _inputs(onnxmltools, wanted.width)
    graph = onnxmltools.convert_lightgbm(booster, initial_types=types, target_opset=OPSET, zipmap=False)
    source = GraphSource(f"lightgbm {lightgbm.__version__} via onnxmltools {onnxmltools.__version__}", _digest(file))

    def predict(rows: Rows) -> Any:
        return in_order(booster.predict(rows), columns)

    return Original(_bundle(graph, wanted, columns, source), predict)


def _objective(booster: Any) -> tuple[str, int]:
    """Its name and the number of classes."""
    import json

    learner = json.loads(booster.save_config())["learner"]
    name, count = str(learner["objective"]["name"]), int(learner["learner_model_param"]["num_class"])
    return name, max(count, 2)


def _check_shape(width: int, classes: int, wanted: Wanted) -> None:
    if width != wanted.width:
        raise InvalidConfig("model", "features", f"the model reads {width} numbers, the task has {wanted.width}")
    if classes != len(wanted.labels):
        raise InvalidConfig("model", "classes", f"the model has {classes}, the task {len(wanted.labels)} labels")


def _inputs(onnxmltools: Any, width: int) -> list[Any]:
    from onnxmltools.convert.common.data_types import FloatTensorType

    return [("rows", FloatTensorType([None, width]))]


def _bundle(graph: Any, wanted: Wanted, columns: tuple[int, ...], source: GraphSource) -> OnnxBundle:
    output = "probabilities"
    return OnnxBundle(graph.SerializeToString(), wanted.labels, wanted.width, output, "probabilities", columns, source)


def _digest(file: Path) -> str:
    return digest_of(file.read_bytes())
