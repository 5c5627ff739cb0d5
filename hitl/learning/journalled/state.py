"""What the learning shard holds."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CONFIRMED_BY = 2
"""People whose word makes an override answer; one expert's is enough."""


class OverrideStatus(StrEnum):
    """``proposed`` answers nothing yet; ``revoked`` never again."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


class JobStatus(StrEnum):
    """``triggered`` waits for its job to be submitted; the last two are final."""

    TRIGGERED = "triggered"
    SUBMITTED = "submitted"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


JOB_MOVES = {
    JobStatus.TRIGGERED: frozenset({JobStatus.SUBMITTED, JobStatus.FAILED}),
    JobStatus.SUBMITTED: frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED}),
    JobStatus.SUCCEEDED: frozenset[JobStatus](),
    JobStatus.FAILED: frozenset[JobStatus](),
}


@dataclass(slots=True)
class Override:
    """``override_id`` is the id of the case that people corrected: its input is in the intake, not here. ``confirmed_by`` are
    the people who said ``label``, the first of them first."""

    override_id: str
    task: str
    label: str
    model_label: str
    proposed_at: float
    expires_at: float
    confirmed_by: list[str]
    status: OverrideStatus
    reason: str | None = None

    def shown(self) -> dict[str, Any]:
        names = ("override_id", "task", "label", "model_label", "proposed_at", "expires_at", "reason")
        plain = {name: getattr(self, name) for name in names}
        return {**plain, "confirmed_by": list(self.confirmed_by), "status": self.status.value}


@dataclass(slots=True)
class Retraining:
    key: str
    task: str
    reason: str
    manifest: dict[str, Any]
    triggered_at: float
    status: JobStatus = JobStatus.TRIGGERED
    job_id: str | None = None
    detail: str | None = None
    settled_at: float | None = None

    def shown(self) -> dict[str, Any]:
        names = ("key", "task", "reason", "manifest", "triggered_at", "job_id", "detail", "settled_at")
        return {**{name: getattr(self, name) for name in names}, "status": self.status.value}


@dataclass(slots=True)
class LearningState:
    """``switched_off`` are the tasks whose overrides answer nothing, with the reason; ``switched_on`` when overrides were last
    allowed again (UTC seconds): earlier checks say nothing of those that answer now. ``shadows`` is what challengers that only
    watch would have done, by task and model."""

    retrainings: dict[str, Retraining] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    switched_off: dict[str, str] = field(default_factory=dict)
    switched_on: dict[str, float] = field(default_factory=dict)
    shadows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
