"""How an event changes the access shard: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import assert_never

from hitl.access.events import (
    AccessEvent,
    AccountChanged,
    ApprovalErased,
    CaseErased,
    HistoryRestored,
    KeyEvent,
    KeyIssued,
    KeyRevoked,
    Revealed,
    SealedRead,
    SealEvent,
    SessionEvent,
    SignedIn,
)
from hitl.access.state import AccessState


def evolve(state: AccessState, event: AccessEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    if isinstance(event, SealEvent):
        _unseal(state, event, at)
    elif isinstance(event, KeyEvent):
        _change_key(state, event, at)
    elif isinstance(event, SessionEvent):
        _sign(state, event, at)
    elif isinstance(event, AccountChanged):
        _change_account(state, event, at)
    elif isinstance(event, SealedRead):
        return  # the journal alone keeps it: there is one for each page that training reads
    else:
        _restore(state, event, at)


def _unseal(state: AccessState, event: SealEvent, at: float) -> None:
    told = {"task": event.task, "by": event.by, "reason": event.reason, "at": at}
    match event:
        case CaseErased():
            state.erasures[event.case_id] = {"case_id": event.case_id, **told}
        case ApprovalErased():
            state.erased_seals[event.seal] = {"approval_id": event.approval_id, **told}
        case Revealed():
            state.reveals.setdefault(event.subject, []).append({"kind": event.kind, **told})
        case _:
            assert_never(event)


def _change_account(state: AccessState, event: AccountChanged, at: float) -> None:
    state.accounts[event.account] = {
        "roles": event.roles,
        "tasks": event.tasks,
        "queues": event.queues,
        "skills": event.skills,
        "is_disabled": event.is_disabled,
        "changed_at": at,
        "changed_by": event.by,
    }


def _change_key(state: AccessState, event: KeyEvent, at: float) -> None:
    """A revoked key that the command line made is known from there on."""
    match event:
        case KeyIssued():
            made = {"account": event.account, "issued_at": at, "issued_by": event.by, "ends_at": event.expires_at}
            state.keys[event.key_id] = made
        case KeyRevoked():
            unknown = {"account": event.account, "issued_at": None, "issued_by": None}
            key = state.keys.setdefault(event.key_id, unknown)
            key.update(ends_at=event.ends_at, revoked_at=at, revoked_by=event.by)
        case _:
            assert_never(event)


def _sign(state: AccessState, event: SessionEvent, at: float) -> None:
    mine = state.sessions.setdefault(event.account, {"signed_in": 0, "signed_out": 0, "last_at": None, "method": None})
    if isinstance(event, SignedIn):
        mine.update(signed_in=mine["signed_in"] + 1, last_at=at, method=event.method)
    else:
        mine["signed_out"] += 1


def _restore(state: AccessState, event: HistoryRestored, at: float) -> None:
    ends = {"taken_at": event.taken_at, "heads": event.heads, "noted": event.noted}
    state.restores.append({**ends, "by": event.by, "reason": event.reason, "at": at})
