"""The events of retrainings, overrides and shadows. The journal keeps them as plain JSON, which docs/journal.md describes."""

from typing import TypeAlias

from hitl.canonical import JsonObject
from hitl.learning.journalled.state import JobStatus
from hitl.machine.events import Event, EventCodec
from hitl.quality.vault import VaultScore


class RetrainingTriggered(Event, frozen=True, kw_only=True):
    """``task`` is retrained once for ``key``; ``manifest`` is what the trigger saw."""

    key: str
    task: str
    reason: str
    manifest: JsonObject


class RetrainingNoted(Event, frozen=True, kw_only=True):
    """The job of a retraining is where ``status`` says; ``detail`` is its last line or its error."""

    key: str
    task: str
    status: JobStatus
    job_id: str
    detail: str


class OverrideProposed(Event, frozen=True, kw_only=True):
    """``by`` says that cases like ``override_id`` are ``label``, until ``expires_at`` (UTC seconds)."""

    override_id: str
    task: str
    label: str
    model_label: str
    by: str
    is_expert: bool
    expires_at: float


class OverrideConfirmed(Event, frozen=True, kw_only=True):
    """Another person says the same."""

    override_id: str
    task: str
    by: str
    is_expert: bool


class OverrideRevoked(Event, frozen=True, kw_only=True):
    """The override answers nothing any more."""

    override_id: str
    task: str
    by: str
    reason: str


class OverridesSwitched(Event, frozen=True, kw_only=True):
    """The kill switch of a task's overrides."""

    task: str
    is_on: bool
    reason: str
    by: str


class ShadowNoted(Event, frozen=True, kw_only=True):
    """What ``model`` would have done with the cases up to ``read`` (partition: position), counted since the note before;
    ``routes`` by ``taken>would``, ``champions`` by digest."""

    task: str
    model: str
    read: dict[str, int]
    cases: int
    agreed: int
    failed: int
    dropped: int
    routes: dict[str, int]
    champions: dict[str, int]


class VaultScored(Event, frozen=True, kw_only=True):
    """What ``model`` says of rows of the vault that it did not learn from, under the policy with this version."""

    task: str
    model: str
    policy_version: str
    scores: tuple[VaultScore, ...]


RetrainingEvent: TypeAlias = RetrainingTriggered | RetrainingNoted
OverrideEvent: TypeAlias = OverrideProposed | OverrideConfirmed | OverrideRevoked | OverridesSwitched
LearningEvent: TypeAlias = RetrainingEvent | OverrideEvent | ShadowNoted | VaultScored

EVENTS: EventCodec[LearningEvent] = EventCodec(LearningEvent)
