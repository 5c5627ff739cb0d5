"""The access machine: it has few rules, and records every change of access."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from hitl.access.commands import (
    AccessCommand,
    ChangeAccount,
    EraseApproval,
    EraseCase,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    RevokeKey,
    RotateKey,
    SealCommand,
)
from hitl.access.events import (
    EVENTS,
    AccessEvent,
    AccountChanged,
    ApprovalErased,
    CaseErased,
    Revealed,
    SealedRead,
    SignedIn,
    SignedOut,
)
from hitl.access.evolve import evolve
from hitl.access.keys import change_keys, keys_over
from hitl.access.questions import (
    AccessQuestion,
    ErasedSeals,
    ErasureOf,
    Erasures,
    KeysOver,
    RevealsOf,
    SealErasureOf,
)
from hitl.access.state import AccessState
from hitl.access.views import (
    ErasedApproval,
    ErasedCase,
    ErasedCases,
    ErasedSealPage,
    ErasureFound,
    Noted,
    RevealNotes,
    SealErasureFound,
)
from hitl.errors import Forbidden, InvalidInput
from hitl.machine.machine import Alarm, Outcome
from hitl.text_limits import MAX_REASON

LATER = ("after", "family", "revoked_at", "revoked_by")


class AccessMachine:
    """No configuration: every event carries what it changes."""

    name = "access"
    events = EVENTS

    def initial(self) -> AccessState:
        return AccessState()

    def decide(self, state: AccessState, command: AccessCommand, now: float) -> Outcome:
        return decide(state, command, now)

    def evolve(self, state: AccessState, event: AccessEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: AccessState, event: AccessEvent) -> Iterable[Alarm]:
        return ()

    def standing_alarms(self, state: AccessState) -> Iterable[Alarm]:
        return ()

    def plain(self, state: AccessState) -> dict[str, Any]:
        return plain_of(state)

    def query(self, state: AccessState, question: AccessQuestion, now: float) -> Any:
        match question:
            case ErasureOf():
                return ErasureFound(state.erasures.get(question.case_id))
            case Erasures(after, limit):
                page = list(islice(state.erasures, after, after + limit))
                return ErasedCases(page, after + len(page))
            case SealErasureOf():
                return SealErasureFound(state.erased_seals.get(question.seal))
            case ErasedSeals(after, limit):
                seals = list(islice(state.erased_seals, after, after + limit))
                return ErasedSealPage(seals, after + len(seals))
            case RevealsOf():
                return RevealNotes(list(state.reveals.get(question.subject, ())))
            case KeysOver():
                return keys_over(state, question.key_ids, now)


def plain_of(state: AccessState) -> dict[str, Any]:
    """The compared state: of a key's life what was said of it, as old histories have it."""
    plain = asdict(state)
    del plain["families"]
    for key in plain["keys"].values():
        for name in LATER:
            if not key[name]:
                del key[name]
    return plain


def decide(state: AccessState, command: AccessCommand, now: float) -> Outcome:
    """Raises the HitlError that refuses the command. Changes nothing."""
    match command:
        case EraseCase() | EraseApproval() | NoteReveal() | NoteSealedRead():
            return _unseal(state, command)
        case IssueKey() | RotateKey() | RevokeKey():
            return change_keys(state, command, now)
        case ChangeAccount():
            return _change(state, command)
        case NoteSignIn(account, method, session):
            return Outcome([SignedIn(account=account, method=method, session=session)], Noted())
        case NoteSignOut(account, session, by):
            return Outcome([SignedOut(account=account, session=session, by=by)], Noted())


def _unseal(state: AccessState, command: SealCommand) -> Outcome:
    _check_reason(command.reason)
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
    told = {"purpose": command.purpose, "task": command.task, "by": command.by, "reason": command.reason}
    return SealedRead(**told, cases=command.cases, span=command.span)


def _change(state: AccessState, command: ChangeAccount) -> Outcome:
    """An admin cannot lock themselves out: somebody else must."""
    account = command.account
    if account.account == command.by and (account.is_disabled or "admin" not in account.roles):
        raise Forbidden(command.by, "take their own rights away")
    known = state.accounts.get(account.account)
    rights = (account.roles, account.tasks, account.queues, account.skills, account.is_disabled)
    if known is not None and rights == (known.roles, known.tasks, known.queues, known.skills, known.is_disabled):
        return Outcome([], account)
    event = AccountChanged(
        account=account.account,
        roles=account.roles,
        tasks=account.tasks,
        queues=account.queues,
        skills=account.skills,
        is_disabled=account.is_disabled,
        by=command.by,
    )
    return Outcome([event], account)


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput("/reason", f"words that say why, at most {MAX_REASON} characters")
