"""What callers are told of retrainings, overrides and shadows: the answers to the learning shard's questions and commands."""

from dataclasses import dataclass

from hitl.canonical import JsonObject
from hitl.learning.journalled.state import JobStatus, OverrideStatus
from hitl.quality.shadow_counts import ShadowCounts
from hitl.quality.vault import VaultScore


@dataclass(frozen=True, slots=True)
class RetrainingView:
    """A retraining of ``task``, once for ``key``. ``reason`` is for people, ``manifest`` what the trigger saw.

    ``job_id`` is None before the job is submitted; ``detail`` is its last line or its error; ``settled_at`` is None while the job
    may still run. Times are UTC seconds.
    """

    key: str
    task: str
    reason: str
    manifest: JsonObject
    triggered_at: float
    job_id: str | None
    detail: str | None
    settled_at: float | None
    status: JobStatus


@dataclass(frozen=True, slots=True)
class RetrainingList:
    """Retrainings, oldest first."""

    retrainings: list[RetrainingView]


@dataclass(frozen=True, slots=True)
class TriggeredRetraining:
    """The retraining for ``key``; ``is_new`` is false where the key had its retraining before."""

    key: str
    status: JobStatus
    is_new: bool


@dataclass(frozen=True, slots=True)
class NotedJob:
    """Where the job of the retraining for ``key`` is now."""

    key: str
    status: JobStatus


@dataclass(frozen=True, slots=True)
class OverrideView:
    """People decided the case ``override_id`` as ``label`` where the model said ``model_label``.

    ``confirmed_by`` are the people who said so, the first of them first. ``reason`` tells why it was revoked, None before. Times
    are UTC seconds.
    """

    override_id: str
    task: str
    label: str
    model_label: str
    proposed_at: float
    expires_at: float
    reason: str | None
    confirmed_by: list[str]
    status: OverrideStatus


@dataclass(frozen=True, slots=True)
class OverrideList:
    """Overrides, oldest first.

    ``switched_off`` names the tasks whose overrides answer nothing, with the reason; ``switched_on`` says when those of a task
    were last allowed again (UTC seconds).
    """

    overrides: list[OverrideView]
    switched_off: dict[str, str]
    switched_on: dict[str, float]


@dataclass(frozen=True, slots=True)
class ProposedOverride:
    """A new override: ``confirmed`` where an expert proposed it, else ``proposed``."""

    override_id: str
    status: OverrideStatus


@dataclass(frozen=True, slots=True)
class ChangedOverride:
    """An override of ``task`` after somebody confirmed or revoked it."""

    override_id: str
    task: str
    status: OverrideStatus


@dataclass(frozen=True, slots=True)
class SwitchedOverrides:
    """Tells whether the overrides of ``task`` answer."""

    task: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShadowView(ShadowCounts):
    """What a watching model would have done with the cases up to ``read`` (partition: position), from ``since`` to ``at`` (UTC
    seconds)."""

    since: float
    at: float
    read: dict[str, int]


@dataclass(frozen=True, slots=True)
class ShadowsOfTask:
    """Each model that ever watched the task, by digest."""

    models: dict[str, ShadowView]


@dataclass(frozen=True, slots=True)
class NotedShadow:
    """``is_counted`` is false where the note does not begin where the counts end."""

    task: str
    model: str
    is_counted: bool


@dataclass(frozen=True, slots=True)
class VaultScoresOfModel:
    """What a model says of the vault's rows, by case."""

    scores: dict[str, VaultScore]


@dataclass(frozen=True, slots=True)
class NotedScores:
    """Of the rows given, ``count`` are new."""

    task: str
    model: str
    count: int
