"""How an event changes the access shard: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import TypeVar, assert_never

from msgspec import UNSET, UnsetType

from hitl.access.events import (
    AccessEvent,
    AccountEvent,
    ApprovalErased,
    CaseErased,
    CaseHeld,
    DaysHeld,
    GrantEvent,
    HistoryRestored,
    KeyEvent,
    KeyIssued,
    KeyRevoked,
    PreferencesChanged,
    Revealed,
    SealedRead,
    SealEvent,
    SessionEvent,
    SignedIn,
)
from hitl.access.grant_events import AccountRecovered, GrantAsked, GrantSettled
from hitl.access.preferences import Preferences
from hitl.access.state import AccessState, AccountRecord, GrantRecord, KeyHistory, RecoveryNote, RestoreNote, SignIns
from hitl.access.views import ApprovalErasure, CaseErasure, CaseHold, DaysHold, RevealNote
from hitl.identity.views import AccountView

Choice = TypeVar("Choice")


def evolve(state: AccessState, event: AccessEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    if isinstance(event, SealEvent):
        _unseal(state, event, at)
    elif isinstance(event, KeyEvent):
        _change_key(state, event, at)
    elif isinstance(event, GrantEvent):
        _grant(state, event, at)
    elif isinstance(event, SessionEvent):
        _sign(state, event, at)
    elif isinstance(event, AccountEvent):
        _change_account(state, event, at)
    elif isinstance(event, SealedRead):
        return  # the journal alone keeps it: there is one for each page that training reads
    else:
        _restore(state, event, at)


def _unseal(state: AccessState, event: SealEvent, at: float) -> None:
    match event:
        case CaseErased(case_id=case_id, task=task, by=by, reason=reason):
            state.erasures[case_id] = CaseErasure(case_id, task, by, reason, at)
        case CaseHeld(case_id=case_id, task=task, until=until, by=by, reason=reason):
            state.holds[case_id] = CaseHold(case_id, task, until, by, reason, at)
        case DaysHeld(task=task, first_day=first, last_day=last, until=until, by=by, reason=reason):
            state.day_holds[f"{task} {first} {last}"] = DaysHold(task, first, last, until, by, reason, at)
        case ApprovalErased(approval_id=approval_id, task=of_task, by=by, reason=reason):
            state.erased_seals[event.seal] = ApprovalErasure(approval_id, of_task, by, reason, at)
        case Revealed(subject=subject, by=by, reason=reason):
            state.reveals.setdefault(subject, []).append(RevealNote(event.kind, event.task, by, reason, at))
        case _:
            assert_never(event)


def _change_account(state: AccessState, event: AccountEvent, at: float) -> None:
    if isinstance(event, PreferencesChanged):
        state.preferences[event.account] = Preferences(
            _chosen(event.tour), _chosen(event.theme), _chosen(event.language), _chosen(event.density), _chosen(event.views)
        )
        return
    rights = (event.roles, event.tasks, event.queues, event.skills, event.is_disabled)
    state.accounts[event.account] = AccountRecord(*rights, at, event.by)


def _chosen(value: Choice | UnsetType) -> Choice | None:
    return None if isinstance(value, UnsetType) else value


def _change_key(state: AccessState, event: KeyEvent, at: float) -> None:
    """A revoked key that the command line made is known from there on."""
    match event:
        case KeyIssued():
            state.keys[event.key_id] = KeyHistory(event.account, at, event.by, event.expires_at)
            if event.after is not UNSET:
                _follow(state, event.key_id, event.after)
        case KeyRevoked():
            key = state.keys.setdefault(event.key_id, KeyHistory(event.account, None, None, None))
            key.ends_at, key.revoked_at, key.revoked_by = event.ends_at, at, event.by
        case _:
            assert_never(event)


def _follow(state: AccessState, key_id: str, after: str) -> None:
    key, family = state.keys[key_id], state.family_of(after)
    key.after, key.family = after, family
    state.families.setdefault(family, []).append(key_id)


def _grant(state: AccessState, event: GrantEvent, at: float) -> None:
    match event:
        case GrantAsked():
            sets = (event.roles, event.tasks, event.queues, event.skills)
            wish = AccountView(event.account, *sets, event.is_disabled)
            state.grants[event.grant_id] = GrantRecord(event.kind, wish, event.by, at)
        case GrantSettled():
            grant = state.grants[event.grant_id]
            grant.status, grant.settled_by = event.status, event.by
        case AccountRecovered(account=account, roles=roles, by=by, reason=reason):
            state.recoveries.append(RecoveryNote(account, roles, by, reason, at))
        case _:
            assert_never(event)


def _sign(state: AccessState, event: SessionEvent, at: float) -> None:
    mine = state.sessions.setdefault(event.account, SignIns())
    if isinstance(event, SignedIn):
        mine.signed_in, mine.last_at, mine.method = mine.signed_in + 1, at, event.method
    else:
        mine.signed_out += 1


def _restore(state: AccessState, event: HistoryRestored, at: float) -> None:
    state.restores.append(RestoreNote(event.taken_at, event.heads, event.noted, event.by, event.reason, at))
