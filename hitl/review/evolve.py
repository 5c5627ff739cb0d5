"""How an event changes the reviews: mechanical, so that live operation, recovery and another program's replay agree."""

from typing import Any

from hitl.review.experience import learn, learn_known
from hitl.review.known import is_answered, is_asked, remember
from hitl.review.news import Standing, note, standing
from hitl.review.pace import Pace
from hitl.review.state import COUNTERS, MOVES, Label, Lease, Outcome, Purpose, Review, ReviewState, Status
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
_OPENING = ("queue", "priority", "reason")
MAX_CLAIMS = 10_000
"""Claims of a shard that a repetition is recognised by, whichever shard it asks first."""


def evolve(state: ReviewState, event: dict[str, Any], at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    kind, before = event["type"], Standing(None, None)
    if kind in OPENING:
        review = _opened(state, event)
        remembered = {"type": "ReviewOpened", **{name: event[name] for name in _OPENING}}
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
    state.queues.move(review.review_id, review.position, review.place)
    note(state, review, before, kind)
    if kind in _COUNTED:
        _count(state, review.task, _COUNTED[kind])


def _without_ids(event: dict[str, Any]) -> dict[str, Any]:
    rest = dict(event)
    del rest["case_id"], rest["review_id"], rest["task"]
    return rest


def _opened(state: ReviewState, event: dict[str, Any]) -> Review:
    given = {**event, "priority": Priority(event["priority"])}
    del given["type"]
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
            _settle(state, review, event, at)
        case "DecisionSuperseded":
            _supersede(state, review, event, at)
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
        _settle(state, review, {"label": event["label"], "is_outcome": True}, at)
        _count(state, review.task, "decided")


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


def _settle(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    outcome = review.outcome
    assert outcome is not None, "only what is decided becomes final"
    state.examples.setdefault(review.task, []).append(review.review_id)
    _label(state, review, at, amends=False)
    learn(state, review)
    remember(state, review)
    if event["is_outcome"]:
        review.outcomes.append(_record(event["label"], outcome.reviewers, "", at))
    if outcome.agrees_with_model:
        _count(state, review.task, "agreed")
    if outcome.decided_at <= review.due_at:
        _count(state, review.task, "in_time")


def _supersede(state: ReviewState, review: Review, event: dict[str, Any], at: float) -> None:
    """The case's outcome is another from now on; where a person amends this review, its label and what is learnt of it too."""
    review.outcomes.append(_record(event["to"], [event["by"]], event["reason"], at))
    outcome = review.outcome
    if outcome is None or outcome.label == event["to"]:
        return
    agrees = None if review.prediction is None else event["to"] == review.prediction
    _count(state, review.task, "agreed", (agrees is True) - (outcome.agrees_with_model is True))
    outcome.label, outcome.reviewer, outcome.agrees_with_model = event["to"], event["by"], agrees
    outcome.reviewers = [event["by"]]
    _label(state, review, at, amends=True)


def _label(state: ReviewState, review: Review, at: float, amends: bool) -> None:
    assert review.outcome is not None, "only what is decided has a label"
    label = Label(review.review_id, review.outcome.label, tuple(review.outcome.reviewers), at, amends)
    state.labels.setdefault(review.task, []).append(label)


def _record(label: str, reviewers: list[str], reason: str, at: float) -> dict[str, Any]:
    return {"label": label, "by": "person", "reviewers": list(reviewers), "reason": reason, "at": at}


def _count(state: ReviewState, task: str, counter: str, by: int = 1) -> None:
    if task not in state.counters:
        state.counters[task] = dict.fromkeys(COUNTERS, 0)
    state.counters[task][counter] += by
