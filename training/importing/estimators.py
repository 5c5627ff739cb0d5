"""Classifiers of scikit-learn: a skops file of its own types, or a fitted object of the caller's."""

from pathlib import Path
from typing import Any

from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.onnx_bundle import GraphSource, OnnxBundle
from hitl.inference.rows import Rows
from training.importing.original import Original, Wanted, in_order

OURS = "sklearn."
"""What a skops file may name beside the types that skops itself takes for harmless. A function of another package would be called
by a transformer, in the process of the person who has the file."""


def skops_original(file: Path, wanted: Wanted) -> Original:
    """Raises InvalidConfig for a file that names types of other packages."""
    import skops.io

    named = skops.io.get_untrusted_types(file=file)
    foreign = [name for name in named if not name.startswith(OURS)]
    if foreign:
        raise InvalidConfig(file.name, "types", f"it names {foreign[0]}: load it yourself and give it as module:function")
    loaded = skops.io.load(file, trusted=named)
    return estimator_original(loaded, wanted, digest_of(file.read_bytes()))


def estimator_original(estimator: Any, wanted: Wanted, digest: str = "") -> Original:
    """Return a fitted classifier with ``predict_proba``, or a pipeline that ends with one. Raises InvalidConfig for one that
    cannot be converted."""
    import skl2onnx
    import sklearn
    from skl2onnx.common.data_types import FloatTensorType

    _check(estimator, wanted)
    columns = wanted.columns(tuple(map(str, estimator.classes_)))
    try:
        graph = skl2onnx.convert_sklearn(
            estimator,
            initial_types=[("rows", FloatTensorType([None, wanted.width]))],
            options={id(estimator): {"zipmap": False}},
            target_opset={"": 17, "ai.onnx.ml": 3},
        )
    except Exception as error:  # the converters of foreign libraries raise whatever they like
        raise InvalidConfig("model", "conversion", f"skl2onnx cannot convert {type(estimator).__name__}: {error}") from error
    source = GraphSource(f"scikit-learn {sklearn.__version__} via skl2onnx {skl2onnx.__version__}", digest)
    output = graph.graph.output[1].name
    bundle = OnnxBundle(graph.SerializeToString(), wanted.labels, wanted.width, output, "probabilities", columns, source)

    def predict(rows: Rows) -> Any:
        return in_order(estimator.predict_proba(rows), columns)

    return Original(bundle, predict)


def _check(estimator: Any, wanted: Wanted) -> None:
    if not hasattr(estimator, "predict_proba") or not hasattr(estimator, "classes_"):
        raise InvalidConfig("model", "estimator", f"{type(estimator).__name__} is no fitted classifier with predict_proba")
    width = getattr(estimator, "n_features_in_", wanted.width)
    if width != wanted.width:
        raise InvalidConfig("model", "features", f"the model reads {width} numbers, the task has {wanted.width}")
