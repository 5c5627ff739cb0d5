"""The access machine: it has few rules, and records every change of access."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from hitl.access.accounts import change_of_account, shown_account
from hitl.access.commands import (
    AccessCommand,
    AskGrant,
    ChangeAccount,
    ChangePreferences,
    EraseApproval,
    EraseCase,
    HoldCase,
    HoldDays,
    IssueKey,
    NoteReveal,
    NoteSealedRead,
    NoteSignIn,
    NoteSignOut,
    RecoverAccount,
    RevokeKey,
    RotateKey,
    SettleGrant,
)
from hitl.access.events import (
    EVENTS,
    AccessEvent,
    SignedIn,
    SignedOut,
)
from hitl.access.evolve import evolve
from hitl.access.grants import ask_grant, recover_account, settle_grant, shown_grant
from hitl.access.keys import change_keys, keys_over
from hitl.access.preferences import Preferences
from hitl.access.questions import (
    AccessQuestion,
    AccountOf,
    ErasedSeals,
    ErasureOf,
    Erasures,
    GrantOf,
    HoldOf,
    Holds,
    KeysOver,
    PreferencesOf,
    RecentGrants,
    RevealsOf,
    SealErasureOf,
)
from hitl.access.seals import check_reason, held_now, hold_of, unseal
from hitl.access.state import AccessState
from hitl.access.views import (
    AccountFound,
    ErasedCases,
    ErasedSealPage,
    ErasureFound,
    GrantFound,
    Grants,
    HoldFound,
    Noted,
    RevealNotes,
    SealErasureFound,
    SignInNote,
)
from hitl.machine.machine import Alarm, Outcome

YOUNGER = ("grants", "recoveries", "holds", "day_holds", "preferences")
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
            case HoldOf(case_id):
                return HoldFound(hold_of(state, case_id, now))
            case Holds():
                return held_now(state, now)
            case SealErasureOf():
                return SealErasureFound(state.erased_seals.get(question.seal))
            case ErasedSeals(after, limit):
                seals = list(islice(state.erased_seals, after, after + limit))
                return ErasedSealPage(seals, after + len(seals))
            case RevealsOf():
                return RevealNotes(list(state.reveals.get(question.subject, ())))
            case AccountOf(account_id):
                known = state.accounts.get(account_id)
                return AccountFound(None if known is None else shown_account(account_id, known))
            case PreferencesOf(account_id):
                return state.preferences.get(account_id, Preferences())
            case KeysOver():
                return keys_over(state, question.key_ids, now)
            case GrantOf(grant_id):
                grant = state.grants.get(grant_id)
                return GrantFound(None if grant is None else shown_grant(grant_id, grant, now))
            case RecentGrants(limit):
                newest = list(islice(reversed(state.grants.items()), limit))
                return Grants([shown_grant(grant_id, grant, now) for grant_id, grant in newest])


def plain_of(state: AccessState) -> dict[str, Any]:
    """Return the compared state: of a key's life what was said of it, and the younger parts where there is something in them, so
    that old histories lead to what they led to."""
    plain = asdict(state)
    del plain["families"]
    plain = {name: part for name, part in plain.items() if part or name not in YOUNGER}
    for key in plain["keys"].values():
        for name in LATER:
            if not key[name]:
                del key[name]
    return plain


def decide(state: AccessState, command: AccessCommand, now: float) -> Outcome:
    """Raises the HitlError that refuses the command. Changes nothing."""
    match command:
        case EraseCase() | HoldCase() | HoldDays() | EraseApproval() | NoteReveal() | NoteSealedRead():
            return unseal(state, command, now)
        case IssueKey() | RotateKey() | RevokeKey():
            return change_keys(state, command, now)
        case AskGrant():
            return ask_grant(state, command, now)
        case SettleGrant():
            return settle_grant(state, command, now)
        case RecoverAccount():
            check_reason(command.reason)
            return recover_account(command)
        case ChangeAccount() | ChangePreferences():
            return change_of_account(state, command)
        case NoteSignIn(account, method, session, at):
            return Outcome([SignedIn(account=account, method=method, session=session)], SignInNote(at))
        case NoteSignOut(account, session, by):
            return Outcome([SignedOut(account=account, session=session, by=by)], Noted())
