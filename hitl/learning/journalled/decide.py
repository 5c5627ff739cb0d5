"""What a command does to the learning shard: events, or a refusal. Changes nothing."""

from math import isfinite

from hitl.canonical import canonical
from hitl.errors import InvalidInput, NotFound, OverrideClosed
from hitl.learning.journalled.commands import (
    ConfirmOverride,
    LearningCommand,
    NoteJob,
    NoteShadow,
    ProposeOverride,
    RevokeOverride,
    ScoreVault,
    SwitchOverrides,
    TriggerRetraining,
)
from hitl.learning.journalled.events import (
    OverrideConfirmed,
    OverrideProposed,
    OverrideRevoked,
    OverridesSwitched,
    RetrainingNoted,
    RetrainingTriggered,
)
from hitl.learning.journalled.shadows import note
from hitl.learning.journalled.show import show_override
from hitl.learning.journalled.state import CONFIRMED_BY, JOB_MOVES, JobStatus, LearningState, Override, OverrideStatus
from hitl.learning.journalled.vault import score
from hitl.learning.journalled.views import (
    ChangedOverride,
    NotedJob,
    ProposedOverride,
    SwitchedOverrides,
    TriggeredRetraining,
)
from hitl.machine.machine import Outcome
from hitl.text_limits import MAX_TEXT

MAX_MANIFEST_BYTES = 16_384
MAX_OPEN = 1_000
"""Overrides of one task that are not revoked: more of them is a model to retrain."""


def decide(state: LearningState, command: LearningCommand, now: float) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case TriggerRetraining():
            return _trigger(state, command)
        case NoteJob():
            return _note(state, command)
        case NoteShadow():
            return note(state.shadows, command)
        case ScoreVault():
            return score(state.vault, command)
        case ProposeOverride():
            return _propose(state, command, now)
        case ConfirmOverride():
            return _confirm(state, command, now)
        case RevokeOverride():
            return _revoke(state, command)
        case SwitchOverrides():
            return _switch_overrides(state, command)


def _trigger(state: LearningState, command: TriggerRetraining) -> Outcome:
    """A key that was used has had its retraining: nothing more happens."""
    known = state.retrainings.get(command.key)
    if known is not None:
        return Outcome([], TriggeredRetraining(command.key, known.status, is_new=False))
    if len(canonical(command.manifest)) > MAX_MANIFEST_BYTES:
        raise InvalidInput("/manifest", f"at most {MAX_MANIFEST_BYTES} bytes")
    event = RetrainingTriggered(key=command.key, task=command.task, reason=command.reason[:MAX_TEXT], manifest=command.manifest)
    return Outcome([event], TriggeredRetraining(command.key, JobStatus.TRIGGERED, is_new=True))


def _note(state: LearningState, command: NoteJob) -> Outcome:
    known = state.retrainings.get(command.key)
    if known is None:
        raise NotFound("retraining", command.key)
    if command.status not in set(JobStatus) or JobStatus(command.status) not in JOB_MOVES[known.status]:
        return Outcome([], NotedJob(command.key, known.status))
    status = JobStatus(command.status)
    event = RetrainingNoted(
        key=command.key,
        task=known.task,
        status=status,
        job_id=command.job_id,
        detail=command.detail[:MAX_TEXT],
    )
    return Outcome([event], NotedJob(command.key, status))


def _propose(state: LearningState, command: ProposeOverride, now: float) -> Outcome:
    known = state.overrides.get(command.case_id)
    if known is not None and known.status is OverrideStatus.REVOKED:
        raise OverrideClosed(known.override_id, known.reason or "")
    if known is not None:
        return Outcome([], show_override(known))
    if command.label == command.model_label:
        raise InvalidInput("/label", "another label than the model's: there is nothing to override")
    if not (isfinite(command.expires_at) and command.expires_at > now):
        raise InvalidInput("/expires_at", "a time to come")
    if sum(one.task == command.task and one.status is not OverrideStatus.REVOKED for one in state.overrides.values()) >= MAX_OPEN:
        raise InvalidInput("/case_id", f"at most {MAX_OPEN} overrides a task: retrain the model")
    return Outcome([_proposed(command)], ProposedOverride(command.case_id, _status(1, command.is_expert)))


def _proposed(command: ProposeOverride) -> OverrideProposed:
    return OverrideProposed(
        override_id=command.case_id,
        task=command.task,
        label=command.label,
        model_label=command.model_label,
        by=command.by,
        is_expert=command.is_expert,
        expires_at=command.expires_at,
    )


def _confirm(state: LearningState, command: ConfirmOverride, now: float) -> Outcome:
    known = _open(state, command.override_id)
    if now >= known.expires_at:
        raise OverrideClosed(known.override_id, "its time is over")
    if command.label != known.label:
        return _end(known, command.by, f"{command.by} says otherwise")
    if command.by in known.confirmed_by:
        return Outcome([], ChangedOverride(known.override_id, known.task, known.status))
    event = OverrideConfirmed(override_id=known.override_id, task=known.task, by=command.by, is_expert=command.is_expert)
    count = len(known.confirmed_by) + 1
    is_confirmed = known.status is OverrideStatus.CONFIRMED
    status = OverrideStatus.CONFIRMED if is_confirmed else _status(count, command.is_expert)
    return Outcome([event], ChangedOverride(known.override_id, known.task, status))


def _revoke(state: LearningState, command: RevokeOverride) -> Outcome:
    return _end(_open(state, command.override_id), command.by, command.reason[:MAX_TEXT])


def _end(known: Override, by: str, reason: str) -> Outcome:
    event = OverrideRevoked(override_id=known.override_id, task=known.task, by=by, reason=reason)
    return Outcome([event], ChangedOverride(known.override_id, known.task, OverrideStatus.REVOKED))


def _switch_overrides(state: LearningState, command: SwitchOverrides) -> Outcome:
    answer = SwitchedOverrides(command.task, command.is_on)
    if command.is_on == (command.task not in state.switched_off):
        return Outcome([], answer)  # already so: a repeated switch keeps the first reason in the journal
    event = OverridesSwitched(task=command.task, is_on=command.is_on, reason=command.reason[:MAX_TEXT], by=command.by)
    return Outcome([event], answer)


def _open(state: LearningState, override_id: str) -> Override:
    known = state.overrides.get(override_id)
    if known is None:
        raise NotFound("override", override_id)
    if known.status is OverrideStatus.REVOKED:
        raise OverrideClosed(override_id, known.reason or "")
    return known


def _status(people: int, is_expert: bool) -> OverrideStatus:
    return OverrideStatus.CONFIRMED if is_expert or people >= CONFIRMED_BY else OverrideStatus.PROPOSED
