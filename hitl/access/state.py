"""The state of accounts, keys and sealed values, and how each event changes it."""

from dataclasses import dataclass, field
from typing import Any

ACCOUNT = ("roles", "tasks", "queues", "skills", "is_disabled")


@dataclass(slots=True)
class AccessState:
    """``erasures`` by case, ``reveals`` by case or approval, ``accounts`` and ``keys`` by id, ``sessions`` by account: how
    often and when last somebody signed in; ``restores`` are the backups that were put back."""

    erasures: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased_seals: dict[str, dict[str, Any]] = field(default_factory=dict)
    reveals: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    restores: list[dict[str, Any]] = field(default_factory=list)


def evolve(state: AccessState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    match event["type"]:
        case "CaseErased":
            state.erasures[event["case_id"]] = {**_without(event, "type"), "at": at}
        case "ApprovalErased":
            state.erased_seals[event["seal"]] = {**_without(event, "type", "seal"), "at": at}
        case "Revealed":
            state.reveals.setdefault(event["subject"], []).append({**_without(event, "type", "subject"), "at": at})
        case "AccountChanged":
            named = {name: event[name] for name in ACCOUNT}
            state.accounts[event["account"]] = {**named, "changed_at": at, "changed_by": event["by"]}
        case "KeyIssued":
            made = {"account": event["account"], "issued_at": at, "issued_by": event["by"], "ends_at": event["expires_at"]}
            state.keys[event["key_id"]] = made
        case "KeyRevoked":
            _revoke(state, event, at)
        case "HistoryRestored":
            state.restores.append({**_without(event, "type"), "at": at})
        case "SignedIn" | "SignedOut":
            _sign(state, event, at)


def _revoke(state: AccessState, event: dict[str, Any], at: float) -> None:
    """A key that the command line made is known from here on."""
    unknown = {"account": event["account"], "issued_at": None, "issued_by": None}
    key = state.keys.setdefault(event["key_id"], unknown)
    key.update(ends_at=event["ends_at"], revoked_at=at, revoked_by=event["by"])


def _sign(state: AccessState, event: dict[str, Any], at: float) -> None:
    mine = state.sessions.setdefault(event["account"], {"signed_in": 0, "signed_out": 0, "last_at": None, "method": None})
    if event["type"] == "SignedIn":
        mine.update(signed_in=mine["signed_in"] + 1, last_at=at, method=event["method"])
    else:
        mine["signed_out"] += 1


def _without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}
