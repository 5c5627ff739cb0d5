"""Learning curves on the example domains' own rows: what choosing labels saves there, whatever it is.

Texts are counted as the product's models count them, and projected on 100 directions of all texts, which need no labels.
"""

from functools import partial
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.adapters.files.data_sources import load
from hitl.inference.sklearn_model import text_encoder
from hitl.quality.arrays import Floats, Ints
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_task
from tests.measure.simulations.curves import World, accuracy

DIRECTIONS = 100


def worlds(folder: Path) -> dict[str, World]:
    """By task, those whose rows are in ``folder``; each with the score that its labels call for."""
    found = {
        "sms_spam": World(partial(_rows, "sms_spam", folder), 1500, average_precision, 4000, 20, 400, 40, 1200),
        "tweets": World(partial(_rows, "tweets", folder), 3000, balanced_accuracy, 4000, 20, 400, 40, 1200),
        "ktas_triage": World(partial(_rows, "ktas_triage", folder), 400, accuracy, None, 20, 400, 40, 840),
    }
    return {name: world for name, world in found.items() if (folder / _spec(name).data.source).is_file()}


def average_precision(model: LogisticRegression, features: Floats, labels: Ints) -> float:
    """Of the second label, the rare one."""
    column = list(model.classes_).index(1)
    return float(average_precision_score(labels == 1, model.predict_proba(features)[:, column]))


def balanced_accuracy(model: LogisticRegression, features: Floats, labels: Ints) -> float:
    """The mean over the labels of the share of right predictions."""
    return float(balanced_accuracy_score(labels, model.predict(features)))


def _rows(name: str, folder: Path) -> tuple[Floats, Ints]:
    spec = _spec(name)
    data = load(spec, folder)
    labels = np.array([spec.labels.index(label) for label in data.labels], dtype=np.int64)
    if spec.input.kind == "text":
        encoder = make_pipeline(*text_encoder(), TruncatedSVD(DIRECTIONS, random_state=0))
        return np.asarray(encoder.fit_transform(data.rows), dtype=np.float64) * np.sqrt(DIRECTIONS), labels
    return np.asarray(StandardScaler().fit_transform(data.rows.astype(np.float64)), dtype=np.float64), labels


def _spec(name: str) -> TaskSpec:
    return load_task((Settings().tasks_dir / f"{name}.yaml").read_text(encoding="utf-8"), name)
