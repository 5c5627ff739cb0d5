"""The rule that sends a case to the model, to a reviewer or to an expert, with its reason in words."""

from dataclasses import dataclass
from enum import StrEnum

from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction


class Action(StrEnum):
    AUTOMATIC = "automatic"
    REVIEW = "review"
    EXPERT = "expert"


class Priority(StrEnum):
    """From the most pressing; FIFO within each."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes; ``priority`` is None exactly when it is decided automatically."""

    action: Action
    reason: str
    priority: Priority | None = None


NO_MODEL = Route(Action.REVIEW, "no approved model serves this task yet", Priority.NORMAL)


def route(prediction: Prediction | None, policy: Policy) -> Route:
    """The route of a case; without a prediction, to people."""
    if prediction is None:
        return NO_MODEL
    confidence = prediction.confidence
    if confidence > policy.automatic:
        return Route(Action.AUTOMATIC, f"confidence {confidence:.3f} is above {policy.automatic:g}")
    if confidence > policy.normal:
        reason = f"confidence {confidence:.3f} is not above {policy.automatic:g}: a person checks"
        return Route(Action.REVIEW, reason, Priority.NORMAL)
    if confidence > policy.high:
        reason = f"confidence {confidence:.3f} is not above {policy.normal:g}: a person looks carefully"
        return Route(Action.REVIEW, reason, Priority.HIGH)
    reason = f"confidence {confidence:.3f} is not above {policy.high:g}: an expert decides"
    return Route(Action.EXPERT, reason, Priority.URGENT)
