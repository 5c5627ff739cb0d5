"""How the review events of docs/journal.md add up to the compared state of a shard: a second reading, beside the product's.

Standard library only. What cannot have happened (two holders, an answer without a lease, two answers by one person) raises
Difference, whatever the live state says.
"""

import copy
from collections.abc import Iterable
from typing import Any

COUNTERS = (
    "opened",
    "decided",
    "agreed",
    "in_time",
    "leased",
    "expired",
    "released",
    "escalated",
    "overdue",
    "answered",
    "undone",
    "superseded",
    "skipped",
    "failed",
    "quarantined",
)
COUNTER_OF = {
    "ReviewOpened": "opened",
    "ReviewLeased": "leased",
    "LeaseExpired": "expired",
    "ReviewReleased": "released",
    "ReviewEscalated": "escalated",
    "ReviewOverdue": "overdue",
    "ReviewAnswered": "answered",
    "DecisionUndone": "undone",
    "DecisionFinal": "decided",
    "DecisionSuperseded": "superseded",
    "ReviewSkipped": "skipped",
    "ReviewFailed": "failed",
    "ReviewQuarantined": "quarantined",
}
NEW_FIELDS: dict[str, Any] = {
    "purpose": "review",
    "blind": False,
    "is_automatic": False,
    "streams": [],
    "probabilities": None,
    "gold_probability": 0.0,
    "audit_probability": 0.0,
    "segment": "",
    "warn_at": None,
    "assigned": None,
    "reopens": None,
    "escalation": None,
    "rules": [],
    "known": None,
    "known_probability": 0.0,
    "barred": [],
    "preferred": None,
}
"""What a ReviewOpened that was written before these fields means by their absence."""

BEFORE = {
    "ReviewOverdue": ("waiting", "leased"),
    "ReviewDueSoon": ("waiting", "leased"),
    "ReviewAssigned": ("waiting", "leased"),
    "ReviewQuarantined": ("waiting",),
    "ReviewRequeued": ("quarantined",),
    "ReviewWithdrawn": ("waiting", "leased", "quarantined"),
    "ReviewLeased": ("waiting",),
    "DecisionUndone": ("provisional",),
    "DecisionFinal": ("provisional",),
    "DecisionSuperseded": ("decided",),
}
"""The statuses in which an event can happen; every other event needs the present lease."""


class Difference(Exception):
    """Something in the store or in the live state is not what the format says."""


def fold_reviews(commits: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The state after all events of ``commits``."""
    state: dict[str, Any] = {"cursor": 0, "last_lease": 0, "reviews": {}, "examples": {}, "counters": {}, "left": {}}
    for commit in commits:
        for event in commit["events"]:
            apply_review_event(state, event, commit["at"])
    del state["left"]
    return {**state, "queues": queues_of(state["reviews"]), "held": held_of(state["reviews"])}


def apply_review_event(state: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "CasesArchived":
        return
    if kind == "CasesDeleted":
        gone, examples = set(event["reviewed"]), state["examples"].get(event["task"], [])
        examples[:] = ["" if review_id.rpartition("-")[0] in gone else review_id for review_id in examples]
        return
    if kind == "ReviewRowsArchived":
        if event["list"] == "examples":
            del state["examples"][event["task"]][: event["rows"]]
        return
    if kind == "ReviewsOrdered":
        for review_id, turn_at in event["turns"].items():
            if state["reviews"][review_id]["status"] != "waiting":
                raise Difference(f"review {review_id} got another turn while it did not wait")
            state["reviews"][review_id]["turn_at"] = turn_at
        return
    if kind == "ReviewArchived":
        leave(state, event)
        return
    if kind == "ReviewRecalled":
        come_back(state, event)
        return
    if kind in ("ReviewOpened", "KnownAsked"):
        review = open_review(state, event, at)
    else:
        review = state["reviews"][event["review_id"]]
        check_move(state, review, event)
        ids = ("case_id", "review_id", "task")
        if kind != "DraftSaved":
            review["history"].append({**{k: v for k, v in event.items() if k not in ids}, "at": at})
        change_review(state, review, event, at)
    if kind in COUNTER_OF:
        counters_of(state, review)[COUNTER_OF[kind]] += 1


def leave(state: dict[str, Any], event: dict[str, Any]) -> None:
    review = state["reviews"].pop(event["review_id"])
    if review["status"] != "decided":
        raise Difference(f"review {event['review_id']} left before it was decided")
    state["left"][event["review_id"]] = review


def come_back(state: dict[str, Any], event: dict[str, Any]) -> None:
    """As it left; fields that there were not yet at that time may have come to it."""
    came, left = event["review"], state["left"].pop(event["review_id"], None)
    if left is None or any(name not in came or came[name] != value for name, value in left.items()):
        raise Difference(f"review {event['review_id']} came back as another than it left")
    state["reviews"][event["review_id"]] = copy.deepcopy(came)


def counters_of(state: dict[str, Any], review: dict[str, Any]) -> dict[str, int]:
    counters: dict[str, int] = state["counters"].setdefault(review["task"], dict.fromkeys(COUNTERS, 0))
    return counters


def open_review(state: dict[str, Any], event: dict[str, Any], at: float) -> dict[str, Any]:
    if event["review_id"] in state["reviews"]:
        raise Difference(f"review {event['review_id']} is opened twice")
    given = {k: v for k, v in event.items() if k != "type"}
    opening = {"type": "ReviewOpened", **{k: event[k] for k in ("queue", "priority", "reason")}}
    rest = {"status": "waiting", "is_due_soon": False, "is_overdue": False, "failures": 0, "lease": None, "outcome": None}
    lists = {"answers": [], "outcomes": [], "skipped": [], "drafts": {}, "history": [{**opening, "at": at}]}
    review = {**NEW_FIELDS, **given, **rest, **lists}
    state["reviews"][event["review_id"]] = review
    state["cursor"] = max(state["cursor"], event["position"])
    return review


def check_move(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any]) -> None:
    """No second holder, no answer without the lease, nobody answers twice, nothing is answered after the decision."""
    kind, lease = event["type"], review["lease"]
    if kind in BEFORE:
        is_allowed = review["status"] in BEFORE[kind]
    else:
        is_allowed = bool(lease) and (lease["id"], lease["reviewer"]) == (event["lease"], event["reviewer"])
    if kind in ("ReviewLeased", "DecisionUndone"):
        is_allowed = is_allowed and event["lease"] == state["last_lease"] + 1
    if kind in ("ReviewAnswered", "ReviewDecided", "KnownAnswered"):
        is_allowed = is_allowed and event["reviewer"] not in review["barred"]
        is_allowed = is_allowed and all(answer["reviewer"] != event["reviewer"] for answer in review["answers"])
    if not is_allowed:
        raise Difference(f"review {review['review_id']} is {review['status']}: {kind} cannot happen")


def change_review(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "DecisionUndone":
        review["answers"].pop()
        review["outcome"] = None
    if kind in ("ReviewLeased", "DecisionUndone"):
        lease = {"id": event["lease"], "reviewer": event["reviewer"], "lease_s": event["lease_s"], "granted_at": at}
        review.update(status="leased", lease=lease)
        state["last_lease"] = event["lease"]
    elif kind == "KnownAnswered":
        answer_known(review, event, at)
    elif kind == "ReviewDecided":
        decide(state, review, event, at)
    elif kind == "DecisionFinal":
        make_final(state, review, event, at)
    elif kind == "DecisionSuperseded":
        supersede(state, review, event, at)
    elif kind == "DraftSaved":
        review["drafts"][event["reviewer"]] = {"draft": event["draft"], "at": at}
    elif kind == "ReviewDueSoon":
        review["is_due_soon"] = True
    elif kind == "ReviewQuarantined":
        review["status"] = "quarantined"
    elif kind == "ReviewWithdrawn":
        review.update(status="withdrawn", lease=None, drafts={})
    elif kind == "ReviewRequeued":
        review.update(status="waiting", failures=0)
    else:
        send_back(review, event, at)


def send_back(review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    kind = event["type"]
    if kind == "ReviewAnswered":
        take_answer(review, event, at)
        review["preferred"] = event.get("preferred")
    if kind == "ReviewSkipped":
        review["skipped"].append(event["reviewer"])
    if kind == "ReviewFailed":
        review["failures"] += 1
    if kind == "ReviewOverdue":
        review["is_overdue"] = True
    else:
        review.update(status="waiting", lease=None)
    old = event["reason"] if kind in ("ReviewOverdue", "ReviewEscalated") else review["escalation"]
    review.update(queue=event["queue"], priority=event["priority"], escalation=event.get("escalation", old))
    review["assigned"] = event.get("assigned", review["assigned"])


def take_answer(review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    review["answers"].append(answer_of(event, at))
    review["drafts"].pop(event["reviewer"], None)


def answer_of(event: dict[str, Any], at: float) -> dict[str, Any]:
    names = ("reviewer", "confidence", "comment", "differs", "corrected_parts", "near_answers")
    said = {k: event[k] for k in names if k in event}
    return {**said, "label": event.get("answer", event["label"]), "is_expert": event.get("is_expert", False), "at": at}


def decide(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
    more = {"reviewers": event.get("reviewers", [event["reviewer"]]), "final_at": event.get("final_at", at), "decided_at": at}
    review.update(status="provisional", lease=None, outcome={**{k: event[k] for k in names}, **more})
    take_answer(review, event, at)
    if "final_at" not in event:
        make_final(state, review, {"label": event["label"], "is_outcome": True}, at)
        counters_of(state, review)["decided"] += 1


def answer_known(review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    """Neither an example nor an outcome of the case."""
    names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
    more = {"reviewers": [event["reviewer"]], "final_at": at, "decided_at": at}
    review.update(status="decided", lease=None, outcome={**{k: event[k] for k in names}, **more})
    take_answer(review, event, at)


def make_final(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    review["status"], outcome = "decided", review["outcome"]
    state["examples"].setdefault(review["task"], []).append(review["review_id"])
    if event["is_outcome"]:
        review["outcomes"].append(outcome_of(event["label"], outcome["reviewers"], "", at))
    counters = counters_of(state, review)
    counters["agreed"] += outcome["agrees_with_model"] is True
    counters["in_time"] += outcome["decided_at"] <= review["due_at"]


def supersede(state: dict[str, Any], review: dict[str, Any], event: dict[str, Any], at: float) -> None:
    review["outcomes"].append(outcome_of(event["to"], [event["by"]], event["reason"], at))
    outcome, label = review["outcome"], event["to"]
    if outcome["label"] == label:
        return
    agrees = None if review["prediction"] is None else label == review["prediction"]
    counters_of(state, review)["agreed"] += (agrees is True) - (outcome["agrees_with_model"] is True)
    outcome.update(label=label, reviewer=event["by"], reviewers=[event["by"]], agrees_with_model=agrees)


def outcome_of(label: str, reviewers: list[str], reason: str, at: float) -> dict[str, Any]:
    return {"label": label, "by": "person", "reviewers": list(reviewers), "reason": reason, "at": at}


def queues_of(reviews: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """What waits, by queue and priority, in the order of the turns."""
    queues: dict[str, dict[str, list[str]]] = {}
    for review in sorted(reviews.values(), key=lambda r: (turn_of(r), r["review_id"])):
        if review["status"] == "waiting":
            queues.setdefault(review["queue"], {}).setdefault(review["priority"], []).append(review["review_id"])
    return queues


def turn_of(review: dict[str, Any]) -> float:
    """The place in the intake, where the review has no turn of its own and among experts."""
    is_by_intake = "turn_at" not in review or review["queue"].endswith(".expert")
    turn: float = review["position"] if is_by_intake else review["turn_at"]
    return turn


def held_of(reviews: dict[str, Any]) -> dict[str, list[str]]:
    """What each reviewer holds, oldest grant first."""
    held: dict[str, list[str]] = {}
    for review in sorted((r for r in reviews.values() if r["lease"]), key=lambda r: r["lease"]["id"]):
        held.setdefault(review["lease"]["reviewer"], []).append(review["review_id"])
    return held
