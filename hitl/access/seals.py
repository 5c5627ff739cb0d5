"""What a command about sealed values does: each reveal, reading and erasure is told, with its reason."""

from datetime import UTC, datetime

from hitl.access.commands import EraseApproval, EraseCase, HoldCase, HoldDays, NoteReveal, NoteSealedRead, SealCommand
from hitl.access.events import ApprovalErased, CaseErased, CaseHeld, DaysHeld, Revealed, SealedRead
from hitl.access.state import AccessState
from hitl.access.views import CaseHold, DaysHold, ErasedApproval, ErasedCase, HeldCase, HeldCases, HeldDays, Noted
from hitl.errors import InvalidInput, OnHold
from hitl.intake.segments import day_of
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
        case HoldDays():
            return _hold_days(command)
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


def days_hold_of(state: AccessState, task: str, came_at: float, now: float) -> DaysHold | None:
    """The hold in force that ends last of the day on which a case of ``task`` came."""
    day = day_of(came_at)
    found = [hold for hold in standing_days(state, now) if hold.task == task and hold.first_day <= day <= hold.last_day]
    return max(found, key=lambda hold: hold.until, default=None)


def standing_days(state: AccessState, now: float) -> list[DaysHold]:
    """Return the holds of days that are in force."""
    return [hold for hold in state.day_holds.values() if hold.until > now]


def held_now(state: AccessState, now: float) -> HeldCases:
    """Return all that is held."""
    cases = [hold for hold in state.holds.values() if hold.until > now]
    return HeldCases([hold.case_id for hold in cases], cases, standing_days(state, now))


def _hold_days(command: HoldDays) -> Outcome:
    fields = {name: getattr(command, name) for name in ("task", "first_day", "last_day", "until")}
    if not _is_day(command.first_day) or not _is_day(command.last_day) or command.last_day < command.first_day:
        raise InvalidInput("/last_day", "UTC days as in 2026-11-28, the last one not before the first")
    return Outcome([DaysHeld(**fields, by=command.by, reason=command.reason)], HeldDays(**fields))


def _is_day(text: str) -> bool:
    try:
        return day_of(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) == text
    except ValueError:
        return False


def _erase(state: AccessState, command: EraseCase, now: float) -> Outcome:
    told = ErasedCase(command.case_id)
    if command.case_id in state.erasures:
        return Outcome([], told)
    if (hold := hold_of(state, command.case_id, now)) is not None:
        raise OnHold(command.case_id, hold.until)
    days = None if command.at is None else days_hold_of(state, command.task, command.at, now)
    if days is not None:
        raise OnHold(command.case_id, days.until)
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
