"""Passing a vote on: by who is asked, or because they are away."""

from math import isfinite

from hitl.approval import events
from hitl.approval.asking import told
from hitl.approval.ballots import require_pending
from hitl.approval.chain import when_all_are_away
from hitl.approval.commands import DelegateVote, SetAbsence
from hitl.approval.finding import find
from hitl.approval.rules import PERSON
from hitl.approval.state import Absence, Approval, ApprovalState, RequestStatus
from hitl.approval.views import NotedAbsence
from hitl.errors import AlreadyVoted, Forbidden, InvalidInput
from hitl.machine.machine import Outcome
from hitl.text_limits import check_text


def delegate(state: ApprovalState, command: DelegateVote, now: float) -> Outcome:
    """``to`` votes in place of ``by``, with their weight and for their groups."""
    approval = find(state, command.approval_id)
    require_pending(approval, now)
    check_text("/reason", command.reason)
    if command.by in approval.votes:
        raise AlreadyVoted(approval.approval_id, command.by)
    if command.by not in approval.asked:
        raise Forbidden(command.by, "delegate a vote that they were not asked for")
    if not _may_stand_in(approval, command.to):
        raise InvalidInput("/to", "somebody who may vote on this and is not asked yet")
    event = events.delegated(approval, command.by, command.to, "delegated", command.reason)
    return Outcome([event], told(approval, RequestStatus.PENDING, approval.approving))


def set_absence(state: ApprovalState, command: SetAbsence, now: float) -> Outcome:
    """From now until ``until`` the deputy is asked, for what is open too; a time that has passed ends an absence."""
    _check(command)
    noted = events.absence_set(command)
    said = (command.person, command.until, command.deputy)
    if command.until <= now:
        return Outcome([noted], NotedAbsence(*said, []))
    waiting = [approval for approval in state.approvals.values() if _waits_for(approval, command.person)]
    after = ApprovalState(absences={**state.absences, command.person: Absence(command.until, command.deputy)})
    passed: list[events.ApprovalEvent] = [event for approval in waiting for event in _passed_on(after, approval, command, now)]
    ids = [event.approval_id for event in passed if isinstance(event, events.VoteDelegated)]
    return Outcome([noted, *passed], NotedAbsence(*said, ids))


def _passed_on(
    after: ApprovalState, approval: Approval, command: SetAbsence, now: float
) -> list[events.VoteDelegated | events.ApprovalEscalated]:
    if command.deputy is not None and _may_stand_in(approval, command.deputy):
        return [events.delegated(approval, command.person, command.deputy, "away", "")]
    return [*when_all_are_away(after, approval, now)]


def _check(command: SetAbsence) -> None:
    if not isfinite(command.until):
        raise InvalidInput("/until", "a time")
    if command.deputy is not None and (not PERSON.fullmatch(command.deputy) or command.deputy == command.person):
        raise InvalidInput("/deputy", "the id of somebody else")


def _waits_for(approval: Approval, person: str) -> bool:
    return approval.status is RequestStatus.PENDING and person in approval.asked and person not in approval.votes


def _may_stand_in(approval: Approval, person: str) -> bool:
    barred = {approval.requested_by, *approval.policy["excluded"], *approval.asked, *approval.votes}
    return bool(PERSON.fullmatch(person)) and person not in barred
