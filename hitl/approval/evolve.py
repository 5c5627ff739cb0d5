"""How an event changes the approvals: mechanical, so that live operation, recovery and another program's replay agree."""

from copy import deepcopy
from dataclasses import replace

from msgspec import UNSET, UnsetType, to_builtins

from hitl.approval import events as e
from hitl.approval.archiving import forget, note_closed
from hitl.approval.kinds import GATED, ApprovalKind
from hitl.approval.listed import place_at
from hitl.approval.moves import MOVES
from hitl.approval.presence import handed_over
from hitl.approval.state import OPEN, Absence, Approval, ApprovalState, Ballot, CastVote, RequestStatus, quorum_policy
from hitl.canonical import JsonObject
from hitl.open_objects import note_holder
from hitl.serving.events import Adopting, DefinitionAdopted, DefinitionsRecorded, Deployed, PolicyAdopted, ServingChanged
from hitl.serving.evolve import evolve as serve
from hitl.serving.evolve import record_definitions

_IDS = ("approval_id", "task", "digest")
_SERVED = frozenset({"type", "generation"})
"""What the history of an approval keeps of the event that let it serve."""


def evolve(state: ApprovalState, event: e.ApprovalEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    holder = _holder(state, event)
    _apply(state, event, at)
    note_holder(state.open_by, holder, _holder(state, event))


def _apply(state: ApprovalState, event: e.ApprovalEvent, at: float) -> None:
    match event:
        case e.ApprovalRequested():
            _add(state, event, at)
        case e.ApprovalArchived():
            forget(state, event)
        case e.AbsenceSet():
            state.absences[event.person] = Absence(event.until, event.deputy)
        case Deployed() | PolicyAdopted() | DefinitionAdopted():
            _deploy(state, event, at)
        case DefinitionsRecorded():
            record_definitions(state.serving, event, at)
        case ServingChanged():
            serve(state.serving, event, at)
        case _:
            approval = _moved(state, event.approval_id, event)
            approval.history.append(_remembered(event, at))
            _change(approval, event, at)
            if isinstance(event, e.ApprovalApproved):
                approval.approved_generation = state.serving.generation(approval.task)
            _index(state, approval)
            note_closed(state, approval, at)


def with_vote(approval: Approval, event: e.VoteCast, at: float) -> Approval:
    """Return what ``approval`` would be after the vote; it stays as it is."""
    return replace(approval, votes={**approval.votes, event.voter: _cast(event, at)})


def _holder(state: ApprovalState, event: e.ApprovalEvent) -> str | None:
    """Return who asked for the approval that the event is about, while it is open."""
    approval = state.approvals.get(getattr(event, "approval_id", ""))
    return approval.requested_by if approval is not None and approval.status is RequestStatus.PENDING else None


def _add(state: ApprovalState, event: e.ApprovalRequested, at: float) -> None:
    # An approval changes its own lists and objects; the event must stay what it was.
    fields = {name: deepcopy(getattr(event, name)) for name in event.__struct_fields__}
    fields = {name: value for name, value in fields.items() if value is not UNSET}
    state.last_place = max(place_at(at), state.last_place + 1)
    given = {"policy": quorum_policy(event.quorum)} | fields
    generation = state.serving.generation(event.task)
    approval = Approval(requested_at=at, place=state.last_place, asked_generation=generation, **given)
    approval.history.append({"type": type(event).__name__, "by": event.requested_by, "at": at})
    state.approvals[approval.approval_id] = approval
    prefix = approval.task or approval.kind
    state.numbers[prefix] = state.numbers.get(prefix, 0) + 1
    if approval.kind in GATED:
        state.open[approval.subject] = approval.approval_id


def _moved(state: ApprovalState, approval_id: str, event: e.OfOne | Adopting) -> Approval:
    approval = state.approvals[approval_id]
    approval.status = MOVES[approval.status, type(event)]
    return approval


def _deploy(state: ApprovalState, event: Adopting, at: float) -> None:
    approval = _moved(state, str(event.approval_id), event)
    approval.history.append({**{name: value for name, value in to_builtins(event).items() if name in _SERVED}, "at": at})
    approval.settled_at, approval.closing_reason, approval.served_generation = at, None, event.generation
    serve(state.serving, event, at)
    _index(state, approval)


def _remembered(event: e.OfOne, at: float) -> JsonObject:
    return {**{name: value for name, value in to_builtins(event).items() if name not in _IDS}, "at": at}


def _change(approval: Approval, event: e.OfOne, at: float) -> None:
    match event:
        case e.VoteCast():
            approval.votes[event.voter] = _cast(event, at)
        case e.ApprovalReminded():
            _step(approval, event.step)
        case e.ApprovalEscalated():
            _step(approval, event.step)
            if event.cause in ("timeout", "away") and not approval.is_open:
                approval.asked.extend(event.ask)
        case e.VoteDelegated():
            approval.policy, approval.asked = handed_over(approval.policy, approval.asked, event.by, event.to)
        case e.DeploymentFailed():
            approval.settled_at, approval.closing_reason = at, event.reason
        case e.ApprovalApproved():
            approval.decided_at, approval.closing_reason, approval.choice = at, _or_none(event.reason), _or_none(event.choice)
        case e.ApprovalRejected():
            approval.decided_at, approval.closing_reason, approval.choice = at, event.reason, _or_none(event.choice)
        case e.ApprovalCancelled():
            approval.decided_at, approval.closing_reason = at, event.reason
        case e.ApprovalExpired():
            approval.decided_at = at


def _or_none(value: str | None | UnsetType) -> str | None:
    return None if isinstance(value, UnsetType) else value


def _step(approval: Approval, step: int | None) -> None:
    if step is not None:
        approval.step = step + 1


def _cast(event: e.VoteCast, at: float) -> CastVote:
    ballot = Ballot(event.vote)
    option = _or_none(event.option) or ballot.value
    return CastVote(event.voter, ballot, event.digest, event.comment, at, option)


def _index(state: ApprovalState, approval: Approval) -> None:
    if approval.status not in OPEN:
        state.open.pop(approval.subject, None)
    if approval.status is RequestStatus.REJECTED and approval.kind == ApprovalKind.MODEL_DEPLOYMENT:
        state.serving.rejected[approval.task, approval.digest] = approval.approval_id
