"""How an event changes the learning shard: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import assert_never

from hitl.learning.journalled.events import (
    LearningEvent,
    OverrideConfirmed,
    OverrideEvent,
    OverrideProposed,
    OverrideRevoked,
    OverridesSwitched,
    RetrainingEvent,
    RetrainingNoted,
    RetrainingTriggered,
    VaultScored,
)
from hitl.learning.journalled.shadows import noted
from hitl.learning.journalled.state import CONFIRMED_BY, JobStatus, LearningState, Override, OverrideStatus, Retraining
from hitl.learning.journalled.vault import scored


def evolve(state: LearningState, event: LearningEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    if isinstance(event, RetrainingEvent):
        _evolve_retraining(state, event, at)
    elif isinstance(event, OverrideEvent):
        _evolve_override(state, event, at)
    elif isinstance(event, VaultScored):
        scored(state.vault, event)
    else:
        noted(state.shadows, event, at)


def _evolve_retraining(state: LearningState, event: RetrainingEvent, at: float) -> None:
    match event:
        case RetrainingTriggered():
            made = Retraining(event.key, event.task, event.reason, event.manifest, triggered_at=at)
            state.retrainings[event.key] = made
        case RetrainingNoted():
            _note(state.retrainings[event.key], event, at)
        case _:
            assert_never(event)


def _evolve_override(state: LearningState, event: OverrideEvent, at: float) -> None:
    match event:
        case OverrideProposed():
            state.overrides[event.override_id] = _proposed(event, at)
        case OverrideConfirmed():
            _confirm(state.overrides[event.override_id], event)
        case OverrideRevoked():
            override = state.overrides[event.override_id]
            override.status, override.reason = OverrideStatus.REVOKED, event.reason
        case OverridesSwitched() if event.is_on:
            state.switched_off.pop(event.task, None)
            state.switched_on[event.task] = at
        case OverridesSwitched():
            state.switched_off[event.task] = event.reason
        case _:
            assert_never(event)


def _note(retraining: Retraining, event: RetrainingNoted, at: float) -> None:
    retraining.status, retraining.job_id, retraining.detail = event.status, event.job_id, event.detail
    if retraining.status in (JobStatus.SUCCEEDED, JobStatus.FAILED):
        retraining.settled_at = at


def _proposed(event: OverrideProposed, at: float) -> Override:
    status = OverrideStatus.CONFIRMED if event.is_expert else OverrideStatus.PROPOSED
    ids = (event.override_id, event.task, event.label, event.model_label)
    return Override(*ids, at, event.expires_at, [event.by], status)


def _confirm(override: Override, event: OverrideConfirmed) -> None:
    override.confirmed_by.append(event.by)
    if event.is_expert or len(override.confirmed_by) >= CONFIRMED_BY:
        override.status = OverrideStatus.CONFIRMED
