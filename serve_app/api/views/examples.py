"""What training may learn from."""

from dataclasses import dataclass

from hitl.review.views import DecidedExample


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingExample(DecidedExample):
    """A decided case with its input; ``features`` has the form that the task declares. ``model_version`` is the digest of the
    model that predicted, ``model_confidence`` its calibrated confidence in [0, 1]; both are None without one."""

    features: object
    model_version: str | None = None
    weight: float = 1.0
    model_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TrainingExamples:
    """``next`` is the cursor of the next page: the positions read in each partition, joined by dots."""

    examples: list[TrainingExample]
    next: str
