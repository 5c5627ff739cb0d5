"""What the learning shard holds."""

from dataclasses import dataclass, field
from enum import StrEnum

from hitl.canonical import JsonObject
from hitl.quality.vault import VaultScore

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


@dataclass(slots=True)
class Retraining:
    """A retraining that was triggered for ``key``, and where its job is; times are UTC seconds."""

    key: str
    task: str
    reason: str
    manifest: JsonObject
    triggered_at: float
    status: JobStatus = JobStatus.TRIGGERED
    job_id: str | None = None
    detail: str | None = None
    settled_at: float | None = None


@dataclass(slots=True)
class ShadowTotal:
    """What a watching model would have done with the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC
    seconds); the counts are those of hitl.quality.shadow.ShadowCounts."""

    since: float
    at: float
    read: dict[str, int]
    cases: int = 0
    agreed: int = 0
    failed: int = 0
    dropped: int = 0
    routes: dict[str, int] = field(default_factory=dict)
    champions: dict[str, int] = field(default_factory=dict)


Shadows = dict[str, dict[str, ShadowTotal]]
"""By task and model."""


VaultScores = dict[str, dict[tuple[str, str], dict[str, VaultScore]]]
"""By task, then by model and policy version, then by case."""


@dataclass(slots=True)
class LearningState:
    """``switched_off`` are the tasks whose overrides answer nothing, with the reason; ``switched_on`` when overrides were last
    allowed again (UTC seconds): earlier checks say nothing of those that answer now. ``shadows`` is what challengers that only
    watch would have done, by task and model; ``vault`` what models say of the rows that they did not learn from."""

    retrainings: dict[str, Retraining] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    switched_off: dict[str, str] = field(default_factory=dict)
    switched_on: dict[str, float] = field(default_factory=dict)
    shadows: Shadows = field(default_factory=dict)
    vault: VaultScores = field(default_factory=dict)
