"""The documents' ``ActiveLearningSystem``: their names and signatures over the strategies of ``hitl.learning.active``.

It departs from them where they are wrong: the most uncertain item has the highest priority and comes first; nothing is
chosen for ``n_samples=0`` or an empty pool; the configured uncertainty method is used everywhere; every strategy can be
suggested; and the serving model is never refitted in place: training returns a challenger, fitted on the first training
rows and all labels together, which has to pass the approval gate like any other.
"""

from collections.abc import Sequence
from time import time
from typing import Any, Protocol, TypedDict

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone

from hitl.learning import active
from hitl.learning.uncertainty import uncertainty
from hitl.quality.arrays import Floats, Ints

LEAST_NEW_LABELS = 10
"""Training needs more labels than this."""


class BaseModel(Protocol):
    """What scikit-learn's classifiers offer."""

    def fit(self, X: Any, y: Any) -> Any: ...  # noqa: N803 - scikit-learn's name
    def predict_proba(self, X: Any) -> Any: ...  # noqa: N803


class LabelledVector(TypedDict):
    """A row that was given a label."""

    features: ArrayLike
    label: int
    timestamp: np.datetime64


class Suggestion(TypedDict):
    """An item to label, with the documents' names: the higher ``suggested_priority``, the more it is wanted."""

    index: int
    features: Floats
    predicted_class: int
    prediction_confidence: float
    uncertainty_score: float
    suggested_priority: int


class AnnotationSuggestions(TypedDict):
    """The items to label next, the most wanted first; ``annotation_efficiency`` is their share of the pool."""

    suggestions: list[Suggestion]
    strategy_used: str
    total_unlabeled: int
    annotation_efficiency: float


class ActiveLearningSystem:
    """Suggests items to label; keeps the labels it was given. ``training_data`` are the rows ``(features, labels)`` that the
    base model was trained on."""

    def __init__(
        self,
        base_model: BaseModel,
        uncertainty_method: str = "entropy",
        training_data: tuple[ArrayLike, ArrayLike] | None = None,
        committee_models: Sequence[BaseModel] = (),
    ) -> None:
        self.base_model = base_model
        self.uncertainty_method = uncertainty_method
        self.training_data = training_data
        self.committee_models = committee_models
        self.labeled_data: list[LabelledVector] = []
        self.unlabeled_data: list[Any] = []
        self.uncertainty_threshold = 0.7

    def uncertainty_sampling(self, X_unlabeled: ArrayLike, n_samples: int = 100) -> list[int]:  # noqa: N803
        """Return the least sure items, the least sure first. Raises ValueError for an unknown method."""
        return _listed(active.top(self._uncertainty(_rows(X_unlabeled)), n_samples))

    def diversity_sampling(self, X_unlabeled: ArrayLike, n_samples: int = 100) -> list[int]:  # noqa: N803
        """Return one item from each of ``n_samples`` clusters."""
        return _listed(active.diversity(_rows(X_unlabeled), n_samples))

    def query_by_committee(
        self,
        X_unlabeled: ArrayLike,  # noqa: N803
        committee_models: Sequence[BaseModel],
        n_samples: int = 100,
    ) -> list[int]:
        """Return the items that the models disagree on the most; a class that a model does not know has its probability 0. Raises
        ValueError without models."""
        pool = _rows(X_unlabeled)
        if not committee_models:
            raise ValueError("query_by_committee needs committee models")
        if not len(pool):
            return []
        return _listed(active.query_by_committee(_aligned(committee_models, pool), n_samples))

    def adaptive_sampling(
        self,
        X_unlabeled: ArrayLike,  # noqa: N803
        n_samples: int = 100,
        uncertainty_weight: float = 0.7,
        diversity_weight: float = 0.3,
    ) -> list[int]:
        """Uncertain items that are far from what is labelled."""
        pool = _rows(X_unlabeled)
        unsure, labelled = self._uncertainty(pool), self._labelled_features()
        return _listed(active.adaptive(unsure, pool, labelled, n_samples, uncertainty_weight, diversity_weight))

    def hybrid_sampling(self, X_unlabeled: ArrayLike, n_samples: int = 100) -> list[int]:  # noqa: N803
        """Uncertain items that differ from each other: the product's default."""
        pool = _rows(X_unlabeled)
        return _listed(active.hybrid(self._probabilities(pool), pool, n_samples))

    def update_model_with_feedback(self, new_labels: Sequence[tuple[ArrayLike, int]], retrain: bool = True) -> BaseModel | None:
        """Keeps ``(features, label)`` pairs; with more than 10 labels in all and ``retrain``, also returns a fitted challenger.
        The base model is left as it is."""
        if any(label is None for _, label in new_labels):
            raise ValueError("expected a label for each item, came None")
        now = np.datetime64(int(time()), "s")
        self.labeled_data += [{"features": f, "label": label, "timestamp": now} for f, label in new_labels]
        if not retrain or len(self.labeled_data) <= LEAST_NEW_LABELS:
            return None
        challenger: BaseModel = clone(self.base_model)
        challenger.fit(*self._all_rows())
        return challenger

    def get_annotation_suggestions(
        self,
        X_unlabeled: ArrayLike,  # noqa: N803
        n_suggestions: int = 10,
        strategy: str = "adaptive",
    ) -> AnnotationSuggestions:
        """Return the items to label next, the most wanted first and with the highest priority. ``strategy`` is uncertainty,
        diversity, adaptive, query_by_committee or hybrid; raises ValueError for another."""
        pool = _rows(X_unlabeled)
        indices = self._chosen(strategy, pool, n_suggestions)
        return {
            "suggestions": self._suggestions(pool, indices),
            "strategy_used": strategy,
            "total_unlabeled": len(pool),
            "annotation_efficiency": len(indices) / len(pool) if len(pool) else 0.0,
        }

    def _chosen(self, strategy: str, pool: Floats, n: int) -> list[int]:
        strategies = {
            "uncertainty": self.uncertainty_sampling,
            "diversity": self.diversity_sampling,
            "adaptive": self.adaptive_sampling,
            "hybrid": self.hybrid_sampling,
            "query_by_committee": lambda rows, k: self.query_by_committee(rows, self.committee_models, k),
        }
        if strategy not in strategies:
            raise ValueError(f"unknown strategy {strategy!r}, expected one of {', '.join(strategies)}")
        return strategies[strategy](pool, n)

    def _suggestions(self, pool: Floats, indices: list[int]) -> list[Suggestion]:
        chosen = pool[indices]
        probabilities, unsure = self._probabilities(chosen), self._uncertainty(chosen)
        return [
            {
                "index": index,
                "features": chosen[i],
                "predicted_class": int(np.argmax(probabilities[i])),
                "prediction_confidence": float(np.max(probabilities[i])),
                "uncertainty_score": float(unsure[i]),
                "suggested_priority": len(indices) - i,
            }
            for i, index in enumerate(indices)
        ]

    def _probabilities(self, pool: Floats) -> Floats:
        if not len(pool):
            return np.empty((0, 1))
        return np.asarray(self.base_model.predict_proba(pool), dtype=np.float64)

    def _uncertainty(self, pool: Floats) -> Floats:
        return uncertainty(self._probabilities(pool), self.uncertainty_method)

    def _labelled_features(self) -> Floats:
        return np.array([row["features"] for row in self.labeled_data], dtype=np.float64)

    def _all_rows(self) -> tuple[Floats, Ints]:
        features = self._labelled_features()
        labels = np.array([row["label"] for row in self.labeled_data])
        if self.training_data is None:
            return features, labels
        return np.concatenate((self.training_data[0], features)), np.concatenate((self.training_data[1], labels))


def _rows(values: ArrayLike) -> Floats:
    """Return ``(n, features)``; an empty list is an empty pool."""
    rows = np.asarray(values, dtype=np.float64)
    return rows.reshape(0, 0) if not rows.size else rows


def _listed(indices: Ints) -> list[int]:
    return [int(index) for index in indices]


def _aligned(models: Sequence[BaseModel], pool: Floats) -> Floats:
    """Return what the models say, ``(members, n, classes)`` over the classes of them all. Raises ValueError where a model without
    ``classes_`` gives another number of classes than the others."""
    said = [np.asarray(model.predict_proba(pool), dtype=np.float64) for model in models]
    named = [getattr(model, "classes_", None) for model in models]
    if any(classes is None for classes in named):
        if len({each.shape for each in said}) > 1:
            raise ValueError("expected models with classes_, or all with the same number of classes")
        return np.stack(said)
    every = sorted({each for classes in named for each in _listed_classes(classes)}, key=lambda each: (type(each).__name__, each))
    aligned = np.zeros((len(said), len(pool), len(every)))
    for member, (classes, probabilities) in enumerate(zip(named, said, strict=True)):
        aligned[member][:, [every.index(each) for each in _listed_classes(classes)]] = probabilities
    return aligned


def _listed_classes(classes: ArrayLike | None) -> list[Any]:
    """Of an array, whose truth nobody may ask."""
    return [] if classes is None else np.asarray(classes).tolist()
