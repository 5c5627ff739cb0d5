"""How the events of the ``access`` shard add up to its compared state, written from docs/journal.md: a second reading.

Standard library only. Raises Difference for what cannot have happened: a case or an approval erased twice, or one key made twice.
"""

from collections.abc import Iterable
from typing import Any

from review_folds import Difference

PARTS = ("erasures", "erased_seals", "reveals", "accounts", "keys", "sessions")
PREFERENCES = ("tour", "theme", "language", "density", "views")
ACCOUNT = ("roles", "tasks", "queues", "skills", "is_disabled")


def fold_access(commits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The state after all events of ``commits``."""
    state: dict[str, Any] = {part: {} for part in PARTS} | {"restores": []}
    for commit in commits:
        for event in commit["events"]:
            apply_access_event(state, event, commit["at"])
    return state


def apply_access_event(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "CaseErased":
        if event["case_id"] in state["erasures"]:
            raise Difference(f"case {event['case_id']} is erased twice")
        state["erasures"][event["case_id"]] = {k: event[k] for k in ("case_id", "task", "by", "reason")} | {"at": at}
    elif kind == "CaseHeld":
        told = {k: event[k] for k in ("case_id", "task", "until", "by", "reason")} | {"at": at}
        state.setdefault("holds", {})[event["case_id"]] = told
    elif kind == "DaysHeld":
        told = {k: event[k] for k in ("task", "first_day", "last_day", "until", "by", "reason")} | {"at": at}
        state.setdefault("day_holds", {})[f"{event['task']} {event['first_day']} {event['last_day']}"] = told
    elif kind == "ApprovalErased":
        if event["seal"] in state["erased_seals"]:
            raise Difference(f"approval {event['approval_id']} is erased twice")
        told = {k: event[k] for k in ("approval_id", "task", "by", "reason")} | {"at": at}
        state["erased_seals"][event["seal"]] = told
    elif kind == "Revealed":
        shown = {k: event[k] for k in ("kind", "task", "by", "reason")} | {"at": at}
        state["reveals"].setdefault(event["subject"], []).append(shown)
    elif kind == "SealedRead":
        pass  # it changes nothing that is compared
    elif kind == "AccountChanged":
        state["accounts"][event["account"]] = {k: event[k] for k in ACCOUNT} | {"changed_at": at, "changed_by": event["by"]}
    elif kind == "PreferencesChanged":
        state.setdefault("preferences", {})[event["account"]] = {k: event.get(k) for k in PREFERENCES}
    elif kind == "HistoryRestored":
        told = {k: event[k] for k in ("taken_at", "heads", "noted", "by", "reason")}
        state["restores"].append(told | {"at": at})
    elif kind in ("GrantAsked", "GrantSettled"):
        change_grant(state.setdefault("grants", {}), event, at)
    elif kind == "AccountRecovered":
        told = {k: event[k] for k in ("account", "roles", "by", "reason")} | {"at": at}
        state.setdefault("recoveries", []).append(told)
    elif kind in ("KeyIssued", "KeyRevoked"):
        change_key(state["keys"], event, at)
    else:
        sign(state["sessions"], event, at)


def change_key(keys: dict[str, Any], event: dict[str, Any], at: float) -> None:
    key_id, account = event["key_id"], event["account"]
    if event["type"] == "KeyIssued":
        if key_id in keys:
            raise Difference(f"key {key_id} is made twice")
        keys[key_id] = {"account": account, "issued_at": at, "issued_by": event["by"], "ends_at": event["expires_at"]}
        if "after" in event:
            keys[key_id] |= {"after": event["after"], "family": keys.get(event["after"], {}).get("family", event["after"])}
    else:
        known = keys.get(key_id, {"account": account, "issued_at": None, "issued_by": None})
        keys[key_id] = known | {"ends_at": event["ends_at"], "revoked_at": at, "revoked_by": event["by"]}


def change_grant(grants: dict[str, Any], event: dict[str, Any], at: float) -> None:
    if event["type"] == "GrantAsked":
        wish = {k: event[k] for k in ("account", *ACCOUNT)}
        grants[event["grant_id"]] = {"kind": event["kind"], "wish": wish, "by": event["by"], "at": at}
        grants[event["grant_id"]] |= {"status": "open", "settled_by": None}
    elif grants[event["grant_id"]]["status"] != "open":
        raise Difference(f"grant {event['grant_id']} is settled twice")
    else:
        grants[event["grant_id"]] |= {"status": event["status"], "settled_by": event["by"]}


def sign(sessions: dict[str, Any], event: dict[str, Any], at: float) -> None:
    mine = sessions.setdefault(event["account"], {"signed_in": 0, "signed_out": 0, "last_at": None, "method": None})
    if event["type"] == "SignedIn":
        mine.update(signed_in=mine["signed_in"] + 1, last_at=at, method=event["method"])
    else:
        mine["signed_out"] += 1
