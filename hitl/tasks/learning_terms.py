"""Terms of learning: when a model is retrained, and which overrides apply at once."""

from typing import Annotated

from pydantic import Field

from hitl.routing.policy import Probability
from hitl.tasks.strict import Strict


class RetrainTerms(Strict):
    """Conditions for automatic retraining; without a key in the task file it never does. More than ``new_labels`` answers since
    the last one, a champion older than ``max_age_hours``, automation stopped by an alarm (``on_drift``), or every
    ``every_hours``."""

    new_labels: Annotated[int, Field(ge=1)] | None = 10
    max_age_hours: Annotated[float, Field(gt=0)] | None = None
    on_drift: bool = True
    every_hours: Annotated[float, Field(gt=0)] | None = None


class VaultTerms(Strict):
    """What people answer about a keyed ``share`` of the inputs trains nothing for ``days``, so that it can prove what models are
    worth that were trained meanwhile. Only under a risk level; 0: every answer trains at once, and each new model earns its
    automation from nothing."""

    share: Probability = 0.3
    days: Annotated[float, Field(gt=0, le=3650)] = 90.0


class OverrideTerms(Strict):
    """Corrections that answer the next equal case at once. ``near`` (None: only equal inputs) is the distance under which an
    input is the same case; an override ends after ``ttl_hours``, answers at most ``max_share`` of the cases, and a share
    ``audit`` of its answers is checked blindly."""

    near: Annotated[float, Field(gt=0, le=1)] | None = None
    ttl_hours: Annotated[float, Field(gt=0, le=8760)] = 168.0
    max_share: Probability = 0.01
    audit: Probability = 0.2
