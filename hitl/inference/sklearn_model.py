"""scikit-learn classifiers, stored by skops and loaded against our own list of types.

skops trusts some hundred types by default and reads its instructions from the file itself, so the file's schema is
checked first: every node's loader and every type that it names must be on the list of the model's family.

scikit-learn and skops take seconds to import, so they are imported where a file of theirs is read or written: a process
that serves or trains torch models alone starts without them.
"""

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from hitl.canonical import JsonObject, canonical
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_DISCRIMINANT = "sklearn.discriminant_analysis"
FAMILIES: dict[str, frozenset[str]] = {
    "sklearn.linear_model.LogisticRegression": frozenset({"sklearn.linear_model._logistic.LogisticRegression"}),
    "sklearn.naive_bayes.GaussianNB": frozenset({"sklearn.naive_bayes.GaussianNB"}),
    f"{_DISCRIMINANT}.LinearDiscriminantAnalysis": frozenset({f"{_DISCRIMINANT}.LinearDiscriminantAnalysis"}),
    f"{_DISCRIMINANT}.QuadraticDiscriminantAnalysis": frozenset({f"{_DISCRIMINANT}.QuadraticDiscriminantAnalysis"}),
}
"""Family (the public import path) -> the types that its file may name. Only estimators whose state is plain arrays: a
crafted tree or support vector machine can make compiled code read outside its memory."""

_PLAIN = frozenset(
    {"builtins.dict", "builtins.list", "builtins.str", "builtins.tuple", "numpy.ndarray", "numpy.float64", "numpy.float32"}
    | {"numpy.int64", "numpy.dtype", "sklearn.pipeline.Pipeline", "sklearn.preprocessing._data.StandardScaler"}
    | {"sklearn.feature_extraction.text.HashingVectorizer", "sklearn.feature_extraction.text.TfidfTransformer"}
)
_LOADERS = frozenset({"DictNode", "ListNode", "TupleNode", "JsonNode", "NdArrayNode", "DTypeNode", "TypeNode", "ObjectNode"})
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""A model file may not unfold to more: a zip bomb stops before it is read."""


TEXT_BUCKETS = 2**14
TEXT_GROUPS = (2, 4)
"""Characters: a text is the counts of its groups of 2 to 4 characters within words, hashed into TEXT_BUCKETS columns. On 500
messages it finds spam as well as words do with three times as many, and it has no vocabulary that a file could forge."""


def text_encoder() -> list[Any]:
    """Return the two unfitted steps that stand before the estimator of a text model."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    counts = HashingVectorizer(
        analyzer="char_wb", ngram_range=TEXT_GROUPS, n_features=TEXT_BUCKETS, norm=None, alternate_sign=False
    )
    return [counts, TfidfTransformer(sublinear_tf=True)]


class SklearnModel:
    """A fitted pipeline (scaler or text encoder, estimator) as a Classifier. ``estimator`` was fitted on label indices; a label
    that its training rows lacked gets probability 0."""

    def __init__(
        self, labels: tuple[str, ...], family: str, estimator: "Pipeline", calibration: Calibrator | None = None
    ) -> None:
        self._labels, self._family, self._estimator = labels, family, estimator
        self._calibration = calibration
        self._columns = np.asarray(estimator.classes_, dtype=np.int64)
        self._width = _width_of(estimator)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    @property
    def width(self) -> int:
        return self._width

    @property
    def calibration(self) -> Calibrator | None:
        return self._calibration

    def calibrated(self, calibration: Calibrator | None) -> "SklearnModel":
        return SklearnModel(self._labels, self._family, self._estimator, calibration)

    def predict(self, rows: Rows) -> Probabilities:
        probabilities = np.zeros((len(rows), len(self._labels)))
        seen = np.asarray(rows, dtype=np.float64) if self._width else rows
        probabilities[:, self._columns] = self._estimator.predict_proba(seen)
        return probabilities

    def to_bytes(self) -> bytes:
        from hitl.inference import skops_files

        content: dict[str, object] = {"family": self._family, "labels": list(self._labels), "estimator": self._estimator}
        if self._calibration is not None:
            content["calibration"] = canonical(plain_of(self._calibration)).decode()
        return bytes(skops_files.dumps(content, compression=zipfile.ZIP_DEFLATED))


def from_bytes(data: bytes, labels: tuple[str, ...], width: int) -> SklearnModel:
    """Return the model in ``data``. Raises ValueError for a file that names a type off the list or does not fit the task."""
    from sklearn.pipeline import Pipeline

    from hitl.inference import skops_files

    for types in FAMILIES.values():
        if not _foreign(_schema(data), types):
            content = skops_files.loads(data, trusted=sorted(types | _PLAIN))
            break
    else:
        raise ValueError("the file names types that no known family has")
    family, estimator = content.get("family"), content.get("estimator")
    if family not in FAMILIES or content.get("labels") != list(labels) or not isinstance(estimator, Pipeline):
        raise ValueError(f"expected a known family with the task's {len(labels)} labels")
    if _width_of(estimator) != width or not set(estimator.classes_) <= set(range(len(labels))):
        raise ValueError(f"expected {width} features and classes among {len(labels)} labels")
    text = content.get("calibration")
    return SklearnModel(labels, family, estimator, None if text is None else calibrator_from(json.loads(text)))


def _width_of(estimator: "Pipeline") -> int:
    """0 for a text model, whose encoder must be exactly ours: a forged one could hold a pattern that never ends."""
    encoder, first = text_encoder()[0], estimator.steps[0][1]
    if type(first) is not type(encoder):
        return int(estimator.n_features_in_)
    if first.get_params() != encoder.get_params():
        raise ValueError("the text encoder is not this product's")
    return 0


def _schema(data: bytes) -> JsonObject:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if sum(entry.file_size for entry in file.infolist()) > MAX_UNPACKED_BYTES:
                raise ValueError(f"unfolds to more than {MAX_UNPACKED_BYTES} bytes")
            schema: JsonObject = json.loads(file.read("schema.json"))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"not a skops file: {error}") from error
    return schema


def _foreign(node: Any, types: frozenset[str]) -> bool:
    """Tell whether a node under ``node`` has a loader or a type that is not on the list."""
    if isinstance(node, list):
        return any(_foreign(child, types) for child in node)
    if not isinstance(node, dict):
        return False
    if "__loader__" in node:
        name = f"{node.get('__module__')}.{node.get('__class__')}"
        if node["__loader__"] not in _LOADERS or name not in _PLAIN | types:
            return True
    return any(_foreign(child, types) for child in node.values())
