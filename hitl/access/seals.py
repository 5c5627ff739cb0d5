"""What a command about sealed values does: each reveal, reading and erasure is told, with its reason."""

from hitl.access.commands import EraseApproval, EraseCase, NoteReveal, NoteSealedRead, SealCommand
from hitl.access.events import ApprovalErased, CaseErased, Revealed, SealedRead
from hitl.access.state import AccessState
from hitl.access.views import ErasedApproval, ErasedCase, Noted
from hitl.errors import InvalidInput
from hitl.machine.machine import Outcome
from hitl.text_limits import MAX_REASON


def unseal(state: AccessState, command: SealCommand) -> Outcome:
    """Raises InvalidInput for a reason that says nothing."""
    check_reason(command.reason)
    match command:
        case EraseCase():
            return _erase(state, command)
        case EraseApproval():
            return _erase_approval(state, command)
        case NoteReveal(kind, subject, task, by, reason):
            return Outcome([Revealed(kind=kind, subject=subject, task=task, by=by, reason=reason)], Noted())
        case NoteSealedRead():
            return Outcome([_read(command)], Noted())


def _erase(state: AccessState, command: EraseCase) -> Outcome:
    told = ErasedCase(command.case_id)
    if command.case_id in state.erasures:
        return Outcome([], told)
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
