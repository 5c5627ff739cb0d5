"""The access machine: it has few rules, and records every change of access."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from hitl.access.commands import (
    ChangeAccount,
    Command,
    EraseApproval,
    EraseCase,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    RevokeKey,
)
from hitl.access.events import (
    EVENTS,
    AccessEvent,
    AccountChanged,
    ApprovalErased,
    CaseErased,
    KeyIssued,
    KeyRevoked,
    Revealed,
    SealedRead,
    SignedIn,
    SignedOut,
)
from hitl.access.evolve import evolve
from hitl.access.questions import ErasedSeals, ErasureOf, Erasures, Question, RevealsOf, SealErasureOf
from hitl.access.state import AccessState
from hitl.errors import Forbidden, InvalidInput
from hitl.machine.machine import Alarm, Outcome
from hitl.text_limits import MAX_REASON


class AccessMachine:
    """No configuration: every event carries what it changes."""

    name = "access"
    events = EVENTS

    def initial(self) -> AccessState:
        return AccessState()

    def decide(self, state: AccessState, command: Command, now: float) -> Outcome:
        return decide(state, command)

    def evolve(self, state: AccessState, event: AccessEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: AccessState, event: AccessEvent) -> Iterable[Alarm]:
        return ()

    def standing_alarms(self, state: AccessState) -> Iterable[Alarm]:
        return ()

    def plain(self, state: AccessState) -> dict[str, Any]:
        return asdict(state)

    def query(self, state: AccessState, question: Question, now: float) -> dict[str, Any]:
        match question:
            case ErasureOf():
                return {"erasure": state.erasures.get(question.case_id)}
            case Erasures():
                page = list(state.erasures)[question.after : question.after + question.limit]
                return {"case_ids": page, "next": question.after + len(page)}
            case SealErasureOf():
                return {"erasure": state.erased_seals.get(question.seal)}
            case ErasedSeals():
                seals = list(state.erased_seals)[question.after : question.after + question.limit]
                return {"seals": seals, "next": question.after + len(seals)}
            case RevealsOf():
                return {"reveals": list(state.reveals.get(question.subject, ()))}


def decide(state: AccessState, command: Command) -> Outcome:
    """Raises the HitlError that refuses the command. Changes nothing."""
    match command:
        case EraseCase():
            return _erase(state, command)
        case EraseApproval():
            return _erase_approval(state, command)
        case NoteReveal():
            return _reveal(command)
        case NoteSealedRead():
            return _read(command)
        case ChangeAccount():
            return _change(state, command)
        case IssueKey():
            return _issue(state, command)
        case RevokeKey(key_id, account, ends_at, by):
            return Outcome([KeyRevoked(key_id=key_id, account=account, ends_at=ends_at, by=by)])
        case NoteSignIn(account, method, session):
            return Outcome([SignedIn(account=account, method=method, session=session)])
        case NoteSignOut(account, session, by):
            return Outcome([SignedOut(account=account, session=session, by=by)])


def _erase(state: AccessState, command: EraseCase) -> Outcome:
    _check_reason(command.reason)
    told = {"case_id": command.case_id, "is_erased": True}
    if command.case_id in state.erasures:
        return Outcome([], told)
    event = CaseErased(case_id=command.case_id, task=command.task, by=command.by, reason=command.reason)
    return Outcome([event], told)


def _erase_approval(state: AccessState, command: EraseApproval) -> Outcome:
    _check_reason(command.reason)
    told = {"approval_id": command.approval_id, "is_erased": True}
    if command.seal in state.erased_seals:
        return Outcome([], told)
    event = ApprovalErased(
        approval_id=command.approval_id, seal=command.seal, task=command.task, by=command.by, reason=command.reason
    )
    return Outcome([event], told)


def _reveal(command: NoteReveal) -> Outcome:
    _check_reason(command.reason)
    event = Revealed(kind=command.kind, subject=command.subject, task=command.task, by=command.by, reason=command.reason)
    return Outcome([event])


def _read(command: NoteSealedRead) -> Outcome:
    _check_reason(command.reason)
    told = {"purpose": command.purpose, "task": command.task, "by": command.by, "reason": command.reason}
    return Outcome([SealedRead(**told, cases=command.cases, span=command.span)])


def _issue(state: AccessState, command: IssueKey) -> Outcome:
    told = {"key_id": command.key_id, "is_new": command.key_id not in state.keys}
    if command.key_id in state.keys:
        return Outcome([], told)
    event = KeyIssued(key_id=command.key_id, account=command.account, expires_at=command.expires_at, by=command.by)
    return Outcome([event], told)


def _change(state: AccessState, command: ChangeAccount) -> Outcome:
    """An admin cannot lock themselves out: somebody else must."""
    account = command.account
    if account["account"] == command.by and (account["is_disabled"] or "admin" not in account["roles"]):
        raise Forbidden(command.by, "take their own rights away")
    known = state.accounts.get(account["account"], {})
    if all(known.get(name) == value for name, value in account.items() if name != "account"):
        return Outcome([], account)
    event = AccountChanged(
        account=account["account"],
        roles=account["roles"],
        tasks=account["tasks"],
        queues=account["queues"],
        skills=account["skills"],
        is_disabled=account["is_disabled"],
        by=command.by,
    )
    return Outcome([event], account)


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput("/reason", f"words that say why, at most {MAX_REASON} characters")
