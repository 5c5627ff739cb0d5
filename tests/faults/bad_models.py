"""Models whose files load and that must not serve, and one that fails only once it serves. Another ``salt`` gives other bytes."""

from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.inference import SklearnModel, pack
from hitl.inference.mlp_file import MlpFile
from hitl.inference.onnx_bundle import GraphSource, OnnxBundle
from tests.inference import hostile_graphs as hostile

LABELS = ("reject", "approve", "ask")
WIDTH, HIDDEN = 3, 2
LARGEST = float(np.finfo(np.float32).max)


def bad_models(salt: str) -> Iterator[tuple[bytes, str]]:
    """Models of the families that are fitted here: bytes, and words of the refusal that must come."""
    yield perceptron(salt, weight=np.nan), "a tensor is not finite"
    yield perceptron(salt, weight=np.inf), "a tensor is not finite"
    yield perceptron(salt, weight=LARGEST, bias=LARGEST), "one row does not give one distribution"
    yield perceptron(salt, labels=("no", "yes")), "the task's 3 labels"
    yield perceptron(salt, labels=LABELS[::-1]), "the task's 3 labels"
    yield perceptron(salt, width=WIDTH + 1), "tensors do not fit"
    yield estimator(salt, coefficient=np.nan), "one row does not give one distribution"
    yield estimator(salt, width=WIDTH + 1), f"expected {WIDTH} features"


def bad_imports(salt: str) -> Iterator[tuple[bytes, str]]:
    """As ``bad_models``, from outside: each is tried in a process of its own, for seconds."""
    yield imported(salt, hostile.not_finite(WIDTH, len(LABELS))), "no distribution"
    yield imported(salt, hostile.failing(WIDTH, len(LABELS))), "fails as it runs"
    yield imported(salt, hostile.holding(WIDTH, len(LABELS))), "more than"


def failing_later(salt: str) -> bytes:
    """Finite for a row of zeros, which is what the gate asks; every case overflows."""
    return perceptron(salt, weight=LARGEST)


def perceptron(
    salt: str, *, labels: tuple[str, ...] = LABELS, width: int = WIDTH, weight: float = 1.0, bias: float = 0.0
) -> bytes:
    """Every weight is ``weight``, and every bias of the inner layer ``bias``."""
    tensors = {
        "mean": np.zeros(width, np.float32),
        "scale": np.ones(width, np.float32),
        "layers.0.weight": np.full((HIDDEN, width), weight, np.float32),
        "layers.0.bias": np.full(HIDDEN, bias, np.float32),
        "layers.2.weight": np.full((len(labels), HIDDEN), weight, np.float32),
        "layers.2.bias": np.zeros(len(labels), np.float32),
    }
    return MlpFile(labels, HIDDEN, {"salt": salt}, None, tensors).to_bytes()


def estimator(salt: str, *, coefficient: float = 1.0, width: int = WIDTH) -> bytes:
    """A logistic regression with ``coefficient`` everywhere; the salt is in its intercepts."""
    rows, targets = np.eye(len(LABELS), width), np.arange(len(LABELS))
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, targets)
    pipeline[-1].coef_[:] = coefficient
    pipeline[-1].intercept_[:] = int(salt[:8], 16) / 2**32
    return pack(SklearnModel(LABELS, "sklearn.linear_model.LogisticRegression", pipeline))


def imported(salt: str, graph: bytes) -> bytes:
    """A model from outside whose logits are what ``graph`` says."""
    return OnnxBundle(graph, LABELS, WIDTH, "said", "logits", (0, 1, 2), GraphSource("onnx", salt)).to_bytes()
