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
    NoteSignIn,
    NoteSignOut,
    RevokeKey,
)
from hitl.access.questions import ErasedSeals, ErasureOf, Erasures, Question, RevealsOf, SealErasureOf
from hitl.access.state import AccessState, evolve
from hitl.errors import Forbidden, InvalidInput
from hitl.machine.machine import Alarm, Outcome
from hitl.text_limits import MAX_REASON

EVENTS: dict[type, str] = {
    EraseCase: "CaseErased",
    EraseApproval: "ApprovalErased",
    NoteReveal: "Revealed",
    IssueKey: "KeyIssued",
    RevokeKey: "KeyRevoked",
    NoteSignIn: "SignedIn",
    NoteSignOut: "SignedOut",
}


class AccessMachine:
    """No configuration: every event carries what it changes."""

    name = "access"

    def initial(self) -> AccessState:
        return AccessState()

    def decide(self, state: AccessState, command: Command, now: float) -> Outcome:
        return decide(state, command)

    def evolve(self, state: AccessState, event: dict[str, Any], at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: AccessState, event: dict[str, Any]) -> Iterable[Alarm]:
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
            _check_reason(command.reason)
            if command.seal in state.erased_seals:
                return Outcome([], _erased(command))
        case ChangeAccount():
            return _change(state, command)
        case IssueKey() if command.key_id in state.keys:
            return Outcome([], {"key_id": command.key_id, "is_new": False})
        case NoteReveal():
            _check_reason(command.reason)
    event = {"type": EVENTS[type(command)], **asdict(command)}
    return Outcome([event], _told(command))


def _told(command: Command) -> dict[str, Any]:
    if isinstance(command, EraseApproval):
        return _erased(command)
    return {"key_id": command.key_id, "is_new": True} if isinstance(command, IssueKey) else {}


def _erased(command: EraseApproval) -> dict[str, Any]:
    return {"approval_id": command.approval_id, "is_erased": True}


def _erase(state: AccessState, command: EraseCase) -> Outcome:
    _check_reason(command.reason)
    told = {"case_id": command.case_id, "is_erased": True}
    if command.case_id in state.erasures:
        return Outcome([], told)
    return Outcome([{"type": "CaseErased", **asdict(command)}], told)


def _change(state: AccessState, command: ChangeAccount) -> Outcome:
    """An admin cannot lock themselves out: somebody else must."""
    account = command.account
    if account["account"] == command.by and (account["is_disabled"] or "admin" not in account["roles"]):
        raise Forbidden(command.by, "take their own rights away")
    known = state.accounts.get(account["account"], {})
    if all(known.get(name) == value for name, value in account.items() if name != "account"):
        return Outcome([], account)
    return Outcome([{"type": "AccountChanged", **account, "by": command.by}], account)


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput("/reason", f"words that say why, at most {MAX_REASON} characters")
