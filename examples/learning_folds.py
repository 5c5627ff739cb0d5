"""How the events of the ``learning`` shard add up to its compared state, written from docs/journal.md: a second reading.

Standard library only. Raises Difference for what cannot have happened: a key that was triggered twice, an override that was
confirmed twice by one person or after its end.
"""

from collections.abc import Iterable
from typing import Any

from review_folds import Difference

State = dict[str, Any]
PEOPLE = 2
VAULT_ENTRIES = 20


def fold_learning(commits: Iterable[dict[str, Any]]) -> State:
    """The compared state after all ``commits``."""
    state: State = {"retrainings": {}, "overrides": {}, "switched_off": {}, "shadows": {}, "vault": {}}
    for commit in commits:
        for event in commit["events"]:
            apply(state, event, commit["at"])
    return state


def apply(state: State, event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind.startswith("Retraining"):
        apply_retraining(state["retrainings"], event, at)
    elif kind == "ShadowNoted":
        apply_shadow(state["shadows"], event, at)
    elif kind == "VaultScored":
        apply_vault(state["vault"].setdefault(event["task"], []), event)
    elif kind == "OverridesSwitched":
        state["switched_off"].pop(event["task"], None)
        if not event["is_on"]:
            state["switched_off"][event["task"]] = event["reason"]
    else:
        apply_override(state["overrides"], event, at)


def apply_retraining(retrainings: State, event: dict[str, Any], at: float) -> None:
    key = event["key"]
    if event["type"] == "RetrainingTriggered":
        if key in retrainings:
            raise Difference(f"learning: {key} was triggered twice")
        told = {name: event[name] for name in ("key", "task", "reason", "manifest")}
        rest = {"status": "triggered", "triggered_at": at, "job_id": None, "detail": None, "settled_at": None}
        retrainings[key] = told | rest
        return
    retrainings[key] |= {name: event[name] for name in ("status", "job_id", "detail")}
    if event["status"] in ("succeeded", "failed"):
        retrainings[key]["settled_at"] = at


def apply_shadow(shadows: State, event: dict[str, Any], at: float) -> None:
    before = shadows.setdefault(event["task"], {}).get(event["model"])
    if before is not None and any(event["read"].get(part, 0) < position for part, position in before["read"].items()):
        raise Difference(f"learning: cases of {event['model']} were counted twice")
    total = before or {"since": at}
    total |= {"at": at, "read": event["read"]}
    for name in ("cases", "agreed", "failed", "dropped"):
        total[name] = total.get(name, 0) + event[name]
    for part in ("routes", "champions"):
        counts = total.setdefault(part, {})
        counts |= {name: counts.get(name, 0) + count for name, count in event[part].items()}
    shadows[event["task"]][event["model"]] = total


def apply_vault(entries: list[State], event: dict[str, Any]) -> None:
    about = {name: event[name] for name in ("model", "policy_version")}
    before = next((each for each in entries if about.items() <= each.items()), None)
    if before is not None:
        entries.remove(before)
    known = [] if before is None else before["scores"]
    if {each["case_id"] for each in known} & {each["case_id"] for each in event["scores"]}:
        raise Difference(f"learning: {event['model']} scored a row of the vault twice")
    entries.append(about | {"scores": known + event["scores"]})
    del entries[:-VAULT_ENTRIES]


def apply_override(overrides: State, event: dict[str, Any], at: float) -> None:
    name, kind = event["override_id"], event["type"]
    if kind == "OverrideProposed":
        told = {part: event[part] for part in ("override_id", "task", "label", "model_label", "expires_at")}
        status = "confirmed" if event["is_expert"] else "proposed"
        overrides[name] = told | {"proposed_at": at, "confirmed_by": [event["by"]], "status": status, "reason": None}
        return
    override = overrides[name]
    if override["status"] == "revoked":
        raise Difference(f"learning: override {name} lived after its end")
    if kind == "OverrideRevoked":
        override |= {"status": "revoked", "reason": event["reason"]}
        return
    if event["by"] in override["confirmed_by"]:
        raise Difference(f"learning: {event['by']} confirmed override {name} twice")
    override["confirmed_by"].append(event["by"])
    if event["is_expert"] or len(override["confirmed_by"]) >= PEOPLE:
        override["status"] = "confirmed"
