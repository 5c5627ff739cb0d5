"""The answers to questions about queues: depth, age, whose turn it is, and how fast they move."""

from dataclasses import fields

from hitl.review import questions as q
from hitl.review import views
from hitl.review.blind import shown_to
from hitl.review.claiming import check_queue, claimer_of, held_of_task
from hitl.review.pace import Pace, Rates, rates
from hitl.review.queues import RANK, expert_queue, task_of
from hitl.review.state import Review, ReviewState
from hitl.review.terms import QueueTerms
from hitl.review.why_empty import why_empty
from hitl.routing.route import Priority

MAX_COUNTED = 50


def queue_stats(state: ReviewState, now: float, terms: QueueTerms) -> views.QueueDepths:
    """Return every queue of every task."""
    configured = {queue for task in terms.tasks for queue in (task, expert_queue(task))}
    leased: dict[str, int] = {}
    for mine in state.held.values():
        for review_id in mine:
            queue = state.reviews[review_id].queue
            leased[queue] = leased.get(queue, 0) + 1
    names = sorted(configured | state.queues.names())
    return views.QueueDepths({name: _depth(state, name, leased.get(name, 0), now) for name in names})


def queue_of(state: ReviewState, question: q.QueueOf, now: float, terms: QueueTerms) -> views.QueueView:
    """Raises NotFound."""
    queue = question.queue
    check_queue(state, queue, terms)
    claimer = claimer_of(state, queue, question.reviewer, question.keys, now)
    for_you = len(state.queues.heads(queue, claimer, MAX_COUNTED))
    why = why_empty(state, queue, claimer)
    depth = _depth(state, queue, why.leased, now)
    return views.QueueView(
        queue=queue,
        waiting=depth.waiting,
        by_priority=depth.by_priority,
        leased=depth.leased,
        oldest_opened_at=depth.oldest_opened_at,
        oldest_age_s=depth.oldest_age_s,
        for_you=for_you,
        why_empty=None if for_you else why,
        quarantined=list(state.quarantined.get(queue, ())),
        rates=_rates(state, queue, now),
    )


def heads(state: ReviewState, question: q.QueueHeads, now: float) -> views.Heads:
    """What the next claim would get."""
    return views.Heads(_heads(state, question, now))


def plan(state: ReviewState, question: q.PlanOf, now: float) -> views.ClaimPlan:
    """What the claim leased here already, what it would get, and what its reviewer holds."""
    held = held_of_task(state, question.reviewer, task_of(question.queue))
    return views.ClaimPlan(len(state.claims.get(question.claim_id, ())), _heads(state, question, now), held)


def waiting(state: ReviewState, question: q.LookAhead, now: float) -> views.WaitingReviews:
    """What the next claims would get, without claiming it."""
    claimer = claimer_of(state, question.queue, question.reviewer, question.keys, now)
    found = [state.reviews[each] for each in state.queues.heads(question.queue, claimer, question.limit)]
    return views.WaitingReviews(
        [_listed(review, question.reviewer, now) for review in found], [review.turn_time for review in found]
    )


def ahead(state: ReviewState, question: q.CountAhead, now: float) -> views.Ahead:
    """Return how many come before, in this shard."""

    def turn_of(review_id: str) -> float:
        return state.reviews[review_id].turn_time

    count = state.queues.before(question.queue, Priority(question.priority), question.turn_at, turn_of)
    return views.Ahead(count, _rates(state, question.queue, now))


def _depth(state: ReviewState, queue: str, leased: int, now: float) -> views.QueueDepth:
    counts = {priority: state.queues.waiting(queue, priority) for priority in Priority}
    longest = (state.queues.oldest(queue, priority) for priority in Priority)
    oldest = min((state.reviews[each].opened_at for each in longest if each), default=None)
    age_s = None if oldest is None else max(0.0, now - oldest)
    return views.QueueDepth(sum(counts.values()), counts, leased, oldest, age_s)


def _listed(review: Review, viewer: str, now: float) -> views.WaitingReview:
    shown = shown_to(review, viewer)
    known = {each.name: getattr(shown, each.name) for each in fields(shown)}
    return views.WaitingReview(**known, rank=RANK[review.priority], time_in_queue_s=max(0.0, now - review.opened_at))


def _heads(state: ReviewState, question: q.QueueHeads | q.PlanOf, now: float) -> list[views.Head]:
    claimer = claimer_of(state, question.queue, question.reviewer, question.keys, now)
    return [_head(state, each) for each in state.queues.heads(question.queue, claimer, question.limit)]


def _head(state: ReviewState, review_id: str) -> views.Head:
    review = state.reviews[review_id]
    return views.Head(RANK[review.priority], review.priority, review.turn_time, review_id)


def _rates(state: ReviewState, queue: str, now: float) -> Rates:
    return rates(state.paces.get(queue, Pace()), now)
