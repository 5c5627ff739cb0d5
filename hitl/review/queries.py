"""The answers to questions about the reviews. Reads only."""

from dataclasses import asdict
from typing import Any, TypeAlias

from hitl.errors import NotFound
from hitl.review import questions as q
from hitl.review import queue_queries, views
from hitl.review.archiving import archivable, in_memory, open_among
from hitl.review.blind import is_hidden, shown_to
from hitl.review.case_status import CaseStatus
from hitl.review.find import find, holding
from hitl.review.labelled import examples, known_answers, labelled
from hitl.review.news import changes
from hitl.review.ordering import orderable_reviews
from hitl.review.outcomes import outcomes_of, reviews_of, value_with
from hitl.review.reopened import reopened_cases
from hitl.review.row_lists import archivable_rows
from hitl.review.searching import find_cases
from hitl.review.state import Purpose, Review, ReviewState, ReviewStatus, lease_key
from hitl.review.terms import QueueTerms

_OfQueue: TypeAlias = q.QueueStats | q.QueueOf | q.QueueHeads | q.LookAhead | q.QueueNews | q.CountAhead | q.PlanOf | q.Orderable
_OfReview: TypeAlias = q.ReviewOf | q.OutcomeOf | q.Leases | q.FindLease | q.FindCases
_OfStorage: TypeAlias = q.Archivable | q.ArchivableRows | q.OpenAmong | q.InMemory
_OfAll: TypeAlias = q.Examples | q.SettledLabels | q.ReopenedCases | q.KnownAnswers | q.Cursor | q.Counters | _OfStorage
Question: TypeAlias = _OfQueue | _OfReview | _OfAll


def answer(state: ReviewState, question: Question, now: float, terms: QueueTerms) -> Any:
    """Answer with the view of the question's type. Raises NotFound where the question's docstring says so."""
    match question:
        case q.QueueStats():
            return queue_queries.queue_stats(state, now, terms)
        case q.QueueOf():
            return queue_queries.queue_of(state, question, now, terms)
        case q.LookAhead():
            return queue_queries.waiting(state, question, now)
        case q.QueueNews():
            return changes(state, question)
        case q.CountAhead():
            return queue_queries.ahead(state, question, now)
        case q.Orderable():
            return orderable_reviews(state, question)
        case q.PlanOf():
            return queue_queries.plan(state, question, now)
        case q.ReviewOf():
            return views.ShownReview(shown_to(find(state, question.review_id), question.viewer))
        case q.OutcomeOf():
            return _outcome(state, question, now)
        case q.Examples():
            return examples(state, question)
        case q.SettledLabels():
            return labelled(state, question)
        case q.ReopenedCases():
            return reopened_cases(state, question)
        case q.KnownAnswers():
            return known_answers(state, question)
        case q.QueueHeads():
            return queue_queries.heads(state, question, now)
        case q.Cursor():
            return views.IntakeCursor(state.cursor)
        case q.Leases():
            mine = state.held.get(question.reviewer, ())
            return views.HeldReviews([shown_to(state.reviews[held], question.reviewer) for held in mine])
        case q.FindCases():
            return find_cases(state, question)
        case q.FindLease():
            return _held_lease(state, question)
        case q.Archivable():
            return archivable(state, question)
        case q.ArchivableRows():
            return archivable_rows(state, question)
        case q.OpenAmong():
            return open_among(state, question)
        case q.InMemory():
            return in_memory(state, question)
        case q.Counters():
            return _counters(state)


def _outcome(state: ReviewState, question: q.OutcomeOf, now: float) -> views.CaseOutcome:
    reviews = reviews_of(state, question.case_id)
    if not reviews:
        raise NotFound("case", question.case_id)
    newest = [each for each in reviews if each.purpose != Purpose.KNOWN][-1]
    outcomes = [_record(each) for each in outcomes_of(state, question.case_id)]
    standing = _standing(newest, outcomes)
    return views.CaseOutcome(
        case_id=newest.case_id,
        review_id=newest.review_id,
        task=newest.task,
        client=newest.client,
        position=newest.position,
        status=_public_status(newest, bool(outcomes)),
        outcome=standing,
        outcomes=outcomes,
        version=len(outcomes),
        waits=len(outcomes) <= question.after,
        history=[step for review in reviews for step in _steps(review, question.viewer)],
        is_blind=question.viewer is not None and any(_is_secret(each, question.viewer) for each in reviews),
        place=_place(newest, now),
        value=None if standing is None else value_with(reviews, standing.label),
    )


def _record(outcome: dict[str, Any]) -> views.OutcomeRecord | views.ModelOutcome:
    return views.ModelOutcome(outcome["label"]) if outcome["by"] == "model" else views.OutcomeRecord(**outcome)


def _steps(review: Review, viewer: str | None) -> list[views.HistoryStep]:
    """Return what happened to the case in this review; a test of people is none of it."""
    return [] if review.purpose == Purpose.KNOWN else shown_to(review, viewer).history


def _is_secret(review: Review, viewer: str) -> bool:
    """Tell whether the outcome of its case would tell ``viewer`` what to answer."""
    return (review.blind or review.purpose == Purpose.KNOWN) and is_hidden(review, viewer)


def _place(review: Review, now: float) -> views.QueuePlace | None:
    if review.status is not ReviewStatus.WAITING:
        return None
    return views.QueuePlace(review.queue, review.priority, review.turn_time, max(0.0, now - review.opened_at))


def _standing(newest: Review, outcomes: list[views.OutcomeRecord | views.ModelOutcome]) -> views.StandingOutcome | None:
    """Return the outcome that stands, with all that its review knows of it; a provisional one before the first."""
    said = None if newest.outcome is None else views.PersonOutcome(**asdict(newest.outcome), by="person")
    if not outcomes:
        return said
    last = outcomes[-1]
    return said if said is not None and (last.by, last.label) == ("person", said.label) else last


def _public_status(review: Review, is_decided: bool) -> CaseStatus:
    """Return what people still do after the first outcome stands beside it: it keeps the case decided."""
    if is_decided:
        return CaseStatus.DECIDED
    if review.status is ReviewStatus.PROVISIONAL:
        return CaseStatus.PROVISIONAL
    if review.status is ReviewStatus.WITHDRAWN:
        return CaseStatus.WITHDRAWN
    return CaseStatus.PENDING_EXPERT if review.is_with_experts else CaseStatus.PENDING_HUMAN


def _held_lease(state: ReviewState, question: q.FindLease) -> views.HeldLease:
    review = holding(state, question.review_id, question.lease, question.reviewer)
    return views.HeldLease(lease_key(review.review_id), review.lease.lease_s if review.lease else 0.0)


def _counters(state: ReviewState) -> views.ReviewCounters:
    tasks = {task: dict(counters) for task, counters in state.counters.items()}
    return views.ReviewCounters(tasks, len(state.held), sum(map(len, state.held.values())))
