"""What a command about sealed values does: each reveal, reading and erasure is told, with its reason."""

from hitl.access.commands import EraseApproval, EraseCase, HoldCase, NoteReveal, NoteSealedRead, SealCommand
from hitl.access.events import ApprovalErased, CaseErased, CaseHeld, Revealed, SealedRead
from hitl.access.state import AccessState
from hitl.access.views import CaseHold, ErasedApproval, ErasedCase, HeldCase, Noted
from hitl.errors import InvalidInput, OnHold
from hitl.machine.machine import Outcome
from hitl.text_limits import MAX_REASON


def unseal(state: AccessState, command: SealCommand, now: float) -> Outcome:
    """Raises InvalidInput for a reason that says nothing, OnHold for a case that must be kept."""
    check_reason(command.reason)
    match command:
        case EraseCase():
            return _erase(state, command, now)
        case HoldCase(case_id, task, until, by, reason):
            return Outcome([CaseHeld(case_id=case_id, task=task, until=until, by=by, reason=reason)], HeldCase(case_id, until))
        case EraseApproval():
            return _erase_approval(state, command)
        case NoteReveal(kind, subject, task, by, reason):
            return Outcome([Revealed(kind=kind, subject=subject, task=task, by=by, reason=reason)], Noted())
        case NoteSealedRead():
            return Outcome([_read(command)], Noted())


def hold_of(state: AccessState, case_id: str, now: float) -> CaseHold | None:
    """The hold of a case that is in force."""
    hold = state.holds.get(case_id)
    return hold if hold is not None and hold.until > now else None


def _erase(state: AccessState, command: EraseCase, now: float) -> Outcome:
    told = ErasedCase(command.case_id)
    if command.case_id in state.erasures:
        return Outcome([], told)
    if (hold := hold_of(state, command.case_id, now)) is not None:
        raise OnHold(command.case_id, hold.until)
    event = CaseErased(case_id=command.case_id, task=command.task, by=command.by, reason=command.reason)
    return Outcome([event], told)


def _erase_approval(state: AccessState, command: EraseApproval) -> Outcome:
    told = ErasedApproval(command.approval_id)
    if command.seal in state.erased_seals:
        return Outcome([], told)
    event = ApprovalErased(
        approval_id=command.approval_id, seal=command.seal, task=command.task, by=command.by, reason=command.reason
    )
    return Outcome([event], told)


def _read(command: NoteSealedRead) -> SealedRead:
    return SealedRead(
        purpose=command.purpose,
        task=command.task,
        by=command.by,
        reason=command.reason,
        cases=command.cases,
        span=command.span,
    )


def check_reason(reason: str) -> None:
    """Raises InvalidInput."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput("/reason", f"words that say why, at most {MAX_REASON} characters")
