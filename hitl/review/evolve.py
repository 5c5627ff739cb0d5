"""How an event changes the reviews: mechanical, so that live operation, recovery and another program's replay agree."""

from sys import intern
from typing import Any

from hitl.review.archiving import bring_back, forget, settle
from hitl.review.experience import learn_known
from hitl.review.known import is_answered, is_asked
from hitl.review.news import Standing, note, standing
from hitl.review.pace import Pace
from hitl.review.settling import count, make_final, supersede
from hitl.review.state import MOVES, Lease, Outcome, Purpose, Review, ReviewState, Status
from hitl.routing.route import Priority

_COUNTED = {
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

OPENING = ("ReviewOpened", "KnownAsked")
_ALIKE = ("task", "client", "queue", "reason", "confidence_level", "model_version", "policy_version", "purpose", "segment")
"""Texts that thousands of reviews have in common: kept once."""

_PRIORITIES = {each.value: each for each in Priority}

MOVED = {"ReviewArchived": forget, "ReviewRecalled": bring_back}
MAX_CLAIMS = 10_000
"""Claims of a shard that a repetition is recognised by, whichever shard it asks first."""


def evolve(state: ReviewState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    kind, before = event["type"], Standing(None, None)
    if kind in MOVED:
        MOVED[kind](state, event, at)
        return
    if kind in OPENING:
        review = _opened(state, event)
        where = {"queue": review.queue, "priority": review.priority.value}
        remembered: dict[str, Any] = {"type": "ReviewOpened", **where, "reason": review.reason}
    else:
        review = state.reviews[event["review_id"]]
        remembered = _without_ids(event)
        before = standing(review)
        review.status, queue = MOVES[review.status, kind], review.queue
        _changed(state, review, event, at)
        if review.queue != queue:
            _pace(state, review).arrivals.append(at)
    if kind != "DraftSaved":
        remembered["at"] = at
        review.history.append(remembered)
    settle(state, review, at)
    state.queues.move(review.review_id, review.position, review.place)
    note(state, review, before, kind)
    if kind in _COUNTED:
        count(state, review.task, _COUNTED[kind])


def _without_ids(event: dict[str, Any]) -> dict[str, Any]:
    rest = dict(event)
    del rest["case_id"], rest["review_id"], rest["task"]
    return rest


def _opened(state: ReviewState, event: dict[str, Any]) -> Review:
    given = {**event, "priority": _PRIORITIES[event["priority"]]}
    del given["type"]
    for name in _ALIKE:
        if text := given.get(name):
            given[name] = intern(text)
    review = Review(**given)
    state.reviews[review.review_id] = review
    _pace(state, review).arrivals.append(review.opened_at)
    state.cursor = max(state.cursor, review.position)
    if review.purpose == Purpose.KNOWN:
        is_asked(state, review)
    return review


def _changed(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    match event["type"]:
        case "ReviewLeased":
            _grant(state, review, event, at)
        case "ReviewDecided":
            _decide(state, review, event, at)
        case "KnownAnswered":
            _answer_known(state, review, event, at)
        case "DecisionUndone":
            review.outcome = None
            review.answers.pop()
            _grant(state, review, event, at)
        case "DecisionFinal":
            make_final(state, review, event, at)
        case "DecisionSuperseded":
            supersede(state, review, event, at)
        case "ReviewOverdue":
            review.is_overdue = True
            _send(review, event)
        case "ReviewAnswered":
            _measure(state, review, at)
            _take_answer(review, event, at)
            review.preferred = event.get("preferred")
            _give_back(state, review, event)
        case "DraftSaved":
            review.drafts[event["reviewer"]] = {"draft": event["draft"], "at": at}
        case "ReviewDueSoon":
            review.is_due_soon = True
        case "ReviewSkipped":
            review.skipped.append(event["reviewer"])
            _give_back(state, review, event)
        case "ReviewFailed":
            review.failures += 1
            _give_back(state, review, event)
        case "ReviewQuarantined":
            state.quarantined.setdefault(review.queue, {})[review.review_id] = None
        case "ReviewRequeued":
            review.failures = 0
            del state.quarantined[review.queue][review.review_id]
        case _:
            _give_back(state, review, event)


def _grant(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    review.lease = Lease(event["lease"], event["reviewer"], event["lease_s"], at)
    state.last_lease = event["lease"]
    state.held.setdefault(event["reviewer"], {})[review.review_id] = None
    state.seen.setdefault(review.queue, {})[event["reviewer"]] = at
    if event.get("claim"):
        state.claims.setdefault(event["claim"], []).append(review.review_id)
        while len(state.claims) > MAX_CLAIMS:
            state.claims.popitem(last=False)


def _free(state: ReviewState, review: Review) -> None:
    if review.lease is None:
        return
    mine = state.held[review.lease.reviewer]
    del mine[review.review_id]
    if not mine:
        del state.held[review.lease.reviewer]
    review.lease = None


def _give_back(state: ReviewState, review: Review, event: dict[str, Any]) -> None:
    _free(state, review)
    _send(review, event)


def _send(review: Review, event: dict[str, Any]) -> None:
    review.queue, review.priority = event["queue"], Priority(event["priority"])
    review.assigned = event.get("assigned", review.assigned)
    review.escalation = event.get("escalation", _old_escalation(review, event))


def _old_escalation(review: Review, event: dict[str, Any]) -> str | None:
    """Before ``escalation`` was a field of every way back, the reason of these two was it."""
    if event["type"] in ("ReviewOverdue", "ReviewEscalated"):
        return str(event["reason"])
    return review.escalation


def _measure(state: ReviewState, review: Review, at: float) -> None:
    pace = _pace(state, review)
    pace.answers.append(at)
    if review.lease is not None:
        pace.handling_s.append(max(0.0, at - review.lease.granted_at))


def _pace(state: ReviewState, review: Review) -> Pace:
    pace = state.paces.get(review.queue)
    if pace is None:
        pace = state.paces[review.queue] = Pace()
    return pace


def _take_answer(review: Review, event: dict[str, Any], at: float) -> None:
    review.answers.append(_answer(event, at))
    review.drafts.pop(event["reviewer"], None)


def _answer(event: dict[str, Any], at: float) -> dict[str, Any]:
    return {
        "reviewer": event["reviewer"],
        "label": event.get("answer", event["label"]),
        "confidence": event["confidence"],
        "comment": event["comment"],
        "is_expert": event.get("is_expert", False),
        "at": at,
    }


def _decide(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    _measure(state, review, at)
    _free(state, review)
    _take_answer(review, event, at)
    names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
    review.outcome = Outcome(
        **{name: event[name] for name in names},
        decided_at=at,
        reviewers=event.get("reviewers", [event["reviewer"]]),
        final_at=event.get("final_at", at),
    )
    if "final_at" not in event:  # written before decisions had a window: final at once
        review.status = Status.DECIDED
        make_final(state, review, {"label": event["label"], "is_outcome": True}, at)
        count(state, review.task, "decided")


def _answer_known(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    """It ends the review, and says something of a person alone."""
    _measure(state, review, at)
    _free(state, review)
    _take_answer(review, event, at)
    names = ("label", "reviewer", "confidence", "comment", "agrees_with_model")
    said = {name: event[name] for name in names}
    review.outcome = Outcome(**said, decided_at=at, reviewers=[event["reviewer"]], final_at=at)
    state.known_answers.setdefault(review.task, []).append(review.review_id)
    learn_known(state, review)
    is_answered(state, review)
