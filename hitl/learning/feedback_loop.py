"""The documents' ``HumanFeedbackLoop``: their names over the rules of ``hitl.learning.feedback``.

It departs from them where they lose or repeat: the buffer is a window to look at, while ``keep`` gets every entry before it
can fall out; a batch is consumed once; and a correction is never written into the serving model: ``on_correction`` may
answer it from an override, and ``on_samples`` gives the rows to the training of a challenger.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from time import time
from typing import Any, TypedDict

import numpy as np

from hitl.learning.feedback import WEIGHTS, FeedbackType, weight_of

MAX_UNPROCESSED = 100_000
"""Entries that wait for their batch; beyond, the oldest are left to whoever keeps them."""

IMMEDIATE_ABOVE = 0.8
"""The reviewer's confidence above which a correction takes effect at once."""
ANALYSED = 100
"""Analytics look at this many newest entries."""


class Feedback(TypedDict):
    """What a person said of a prediction at ``timestamp`` (UTC seconds); ``true_label`` None: that it is wrong, and no more."""

    prediction_id: str
    true_label: int | None
    feedback_type: str
    confidence: float
    timestamp: float
    weight: float


class FeedbackSample(TypedDict):
    """The features of a prediction with what a person said of it."""

    features: object
    true_label: int | None
    feedback_type: str
    weight: float


class FeedbackAnalytics(TypedDict, total=False):
    """``total_feedback`` counts the whole window, the rest its newest 100. Empty before any feedback."""

    total_feedback: int
    feedback_distribution: dict[str, int]
    average_confidence: float
    correction_rate: float
    model_improvement_opportunity: float


def _ignore(_: object) -> None:
    """For loops that only count."""


class HumanFeedbackLoop:
    """Collects feedback; ``predictions`` maps a prediction id to its data, of which ``features`` is read."""

    def __init__(
        self,
        model: Any,
        feedback_buffer_size: int = 1000,
        predictions: Mapping[str, Mapping[str, object]] | None = None,
        keep: Callable[[Feedback], None] = _ignore,
        on_correction: Callable[[Feedback], None] = _ignore,
        on_samples: Callable[[list[FeedbackSample]], None] = _ignore,
        clock: Callable[[], float] = time,
    ) -> None:
        self.model = model
        self.feedback_buffer_size = feedback_buffer_size
        self.feedback_buffer: deque[Feedback] = deque(maxlen=feedback_buffer_size)
        self.feedback_weights = {kind.value: weight for kind, weight in WEIGHTS.items()}
        self._predictions = predictions if predictions is not None else {}
        self._keep, self._on_correction, self._on_samples, self._clock = keep, on_correction, on_samples, clock
        self._unprocessed: deque[Feedback] = deque(maxlen=MAX_UNPROCESSED)

    def collect_feedback(self, prediction_id: str, true_label: int | None, feedback_type: str, confidence: float = 1.0) -> None:
        """Keeps one piece of feedback; a correction surer than 0.8 also takes effect at once.

        Raises ValueError for a confidence outside [0, 1], and for a correction without the right label.
        """
        if feedback_type == FeedbackType.CORRECTION and true_label is None:
            raise ValueError("expected the right label of a correction, came None")
        if not 0.0 <= confidence <= 1.0:
            raise ValueError(f"expected a confidence in [0, 1], came {confidence!r}")
        entry: Feedback = {
            "prediction_id": prediction_id,
            "true_label": true_label,
            "feedback_type": feedback_type,
            "confidence": confidence,
            "timestamp": self._clock(),
            "weight": weight_of(feedback_type),
        }
        self._keep(entry)
        self.feedback_buffer.append(entry)
        self._unprocessed.append(entry)
        if feedback_type == FeedbackType.CORRECTION and confidence > IMMEDIATE_ABOVE:
            self._on_correction(entry)

    def process_feedback_batch(self, batch_size: int = 100) -> list[FeedbackSample]:
        """Takes the oldest full batch, once: hands on its samples, corrections before negatives, and returns them. Nothing
        happens before there are ``batch_size`` unprocessed entries."""
        if batch_size <= 0 or len(self._unprocessed) < batch_size:
            return []
        batch = [self._unprocessed.popleft() for _ in range(batch_size)]
        samples = [
            sample
            for kind in (FeedbackType.CORRECTION, FeedbackType.NEGATIVE)
            for sample in map(self._sample, (entry for entry in batch if entry["feedback_type"] == kind))
            if sample is not None
        ]
        self._on_samples(samples)
        return samples

    def get_feedback_analytics(self) -> FeedbackAnalytics:
        """Counts of the whole window, rates of its newest 100; empty before any feedback."""
        if not self.feedback_buffer:
            return {}
        recent = list(self.feedback_buffer)[-ANALYSED:]
        kinds = Counter(entry["feedback_type"] for entry in recent)
        return {
            "total_feedback": len(self.feedback_buffer),
            "feedback_distribution": dict(kinds),
            "average_confidence": float(np.mean([entry["confidence"] for entry in recent])),
            "correction_rate": kinds[FeedbackType.CORRECTION] / len(recent),
            "model_improvement_opportunity": kinds[FeedbackType.NEGATIVE] / len(recent),
        }

    def _sample(self, entry: Feedback) -> FeedbackSample | None:
        """None for a prediction whose data are gone. A negative has no label: it asks for another look, not for a fit."""
        data = self._predictions.get(entry["prediction_id"])
        if data is None:
            return None
        weight = entry["weight"] * entry["confidence"]
        return {
            "features": data["features"],
            "true_label": entry["true_label"],
            "feedback_type": entry["feedback_type"],
            "weight": weight,
        }
