"""What a command about keys does: one id is one key for ever, one living key follows another, and a family ends together."""

from hitl.access.commands import IssueKey, KeyCommand, RevokeKey, RotateKey
from hitl.access.events import KeyIssued, KeyRevoked
from hitl.access.state import AccessState
from hitl.access.views import EndedKeys, KeyIssue
from hitl.errors import KeyOver, KeyRotated
from hitl.machine.machine import Outcome


def change_keys(state: AccessState, command: KeyCommand, now: float) -> Outcome:
    """Raises KeyRotated, KeyOver."""
    match command:
        case IssueKey():
            return _issue(state, command)
        case RotateKey():
            return _rotate(state, command, now)
        case RevokeKey():
            return _revoke(state, command)


def keys_over(state: AccessState, key_ids: tuple[str, ...], now: float) -> EndedKeys:
    """Return those of ``key_ids`` that are over."""
    return EndedKeys([key_id for key_id in key_ids if key_id in state.keys and state.keys[key_id].is_over(now)])


def _issue(state: AccessState, command: IssueKey) -> Outcome:
    told = KeyIssue(command.key_id, command.key_id not in state.keys)
    if not told.is_new:
        return Outcome([], told)
    event = KeyIssued(key_id=command.key_id, account=command.account, expires_at=command.expires_at, by=command.by)
    return Outcome([event], told)


def _rotate(state: AccessState, command: RotateKey, now: float) -> Outcome:
    """Issue the new key and end the old one in one entry, so that no crash keeps the old one alive. A new key that is known
    already changes nothing."""
    if command.key_id in state.keys:
        return Outcome([], KeyIssue(command.key_id, is_new=False))
    _check_rotatable(state, command.after, now)
    account, by = command.account, command.by
    fresh = KeyIssued(key_id=command.key_id, account=account, expires_at=command.expires_at, by=by, after=command.after)
    old = KeyRevoked(key_id=command.after, account=account, ends_at=command.after_ends_at, by=by)
    return Outcome([fresh, old], KeyIssue(command.key_id, is_new=True))


def _check_rotatable(state: AccessState, old: str, now: float) -> None:
    if old in state.keys and state.keys[old].is_over(now):
        raise KeyOver(old)
    for key_id in state.families.get(state.family_of(old), ()):
        if state.keys[key_id].after == old and not state.keys[key_id].is_over(now):
            raise KeyRotated(old, key_id)


def _revoke(state: AccessState, command: RevokeKey) -> Outcome:
    family = _families(state, {command.key_id, *command.family})
    ending = [key_id for key_id in family if key_id not in state.keys or not state.keys[key_id].is_over(command.ends_at)]
    revoked = [KeyRevoked(key_id=each, account=command.account, ends_at=command.ends_at, by=command.by) for each in ending]
    return Outcome(revoked, EndedKeys(family))


def _families(state: AccessState, known: set[str]) -> list[str]:
    """``known`` with the first keys of their lines and all that follow those, in the order of their ids."""
    firsts = {state.family_of(key_id) for key_id in known}
    return sorted(known | firsts | {key_id for first in firsts for key_id in state.families.get(first, ())})
