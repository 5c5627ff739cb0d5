"""What Label Studio is answered, with the field names of its ML backends."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """The backend answers."""

    status: Literal["UP"]
    model_class: str


@dataclass(frozen=True, slots=True)
class BackendSetup:
    """``model_version`` is the digest that serves, empty without one."""

    model_version: str


@dataclass(frozen=True, slots=True)
class BackendVersions:
    """The digests that serve, each beside the others while a canary runs; none before the first approval."""

    versions: list[str]


@dataclass(frozen=True, slots=True)
class LabelPrediction:
    """One task's prediction. ``result`` is a choice in Label Studio's form, empty where the task has no usable input or the model
    gave no numbers. ``model_version`` ends with what would happen to such a case: ``automatic`` or ``people``."""

    result: list[dict[str, Any]]
    score: float
    model_version: str


@dataclass(frozen=True, slots=True)
class LabelPredictions:
    """One for each task, in order."""

    results: list[LabelPrediction]
    model_version: str


@dataclass(frozen=True, slots=True)
class WebhookTaken:
    """``answered``: the annotation is the answer of the interaction; ``ignored``: it is none of ours, or changes nothing."""

    status: Literal["answered", "ignored"]
    interaction_id: str | None
