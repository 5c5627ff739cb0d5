"""Cases found by what is known of them, newest first, as one person may see them."""

from collections.abc import Iterator
from itertools import islice

from hitl.review.blind import shown_to
from hitl.review.outcomes import Record, current, reviews_of
from hitl.review.questions import FindCases
from hitl.review.state import Purpose, Review, ReviewState
from hitl.review.views import FoundCase, FoundCases

MOST_LOOKED_AT = 2_000
"""Reviews that one question looks at, beside those that its cursor leaves out: who searches for what is rare asks again."""

Key = tuple[float, str]


def find_cases(state: ReviewState, question: FindCases) -> FoundCases:
    """Find up to ``limit`` cases before the cursor that match the question."""
    found: list[FoundCase] = []
    for review in islice(_before(state, question.before), MOST_LOOKED_AT):
        if not _may_match(review, question) or not _is_newest(state, review):
            continue
        case = _shown(state, review, question.viewer)
        if _matches(case, question):
            found.append(case)
        if len(found) == question.limit:
            return FoundCases(found, key_of(case))
    last = next(islice(_before(state, question.before), MOST_LOOKED_AT - 1, None), None)
    return FoundCases(found, None if last is None else (last.opened_at, last.case_id))


def key_of(case: FoundCase) -> Key:
    """Return the place of a case among all, newest greatest."""
    return (case.opened_at, case.case_id)


def _before(state: ReviewState, cursor: Key | None) -> Iterator[Review]:
    for review in reversed(state.reviews.values()):
        if cursor is None or (review.opened_at, review.case_id) < cursor:
            yield review


def _may_match(review: Review, question: FindCases) -> bool:
    """By what is never hidden."""
    return (
        review.purpose != Purpose.KNOWN
        and review.task in question.tasks
        and question.status in (None, review.status.value)
        and review.case_id.startswith(question.prefix)
        and (question.since is None or review.opened_at >= question.since)
        and (question.until is None or review.opened_at < question.until)
    )


def _is_newest(state: ReviewState, review: Review) -> bool:
    """A case is found once, by the last of its reviews that is no test of people."""
    return [each for each in reviews_of(state, review.case_id) if each.purpose != Purpose.KNOWN][-1] is review


def _shown(state: ReviewState, review: Review, viewer: str | None) -> FoundCase:
    is_hidden = viewer is not None and any(_is_secret(each, viewer) for each in reviews_of(state, review.case_id))
    shown = shown_to(review, viewer)
    outcome = None if is_hidden else _outcome(state, review)
    return FoundCase(
        case_id=review.case_id,
        review_id=review.review_id,
        task=review.task,
        queue=review.queue,
        status=shown.status,
        priority=review.priority,
        opened_at=review.opened_at,
        due_at=review.due_at,
        segment="" if is_hidden else shown.segment,
        prediction=None if is_hidden else shown.prediction,
        confidence=None if is_hidden else shown.confidence,
        label=None if outcome is None else str(outcome["label"]),
        by=[] if outcome is None else _by(outcome, review),
        is_hidden=is_hidden,
    )


def _is_secret(review: Review, viewer: str) -> bool:
    """Tell whether what stands of the case would tell ``viewer`` what to answer, or whom to agree with."""
    is_open = review.outcome is None and all(answer["reviewer"] != viewer for answer in review.answers)
    return is_open and (review.blind or review.purpose == Purpose.KNOWN)


def _outcome(state: ReviewState, review: Review) -> Record | None:
    return current(state, review.case_id) or (None if review.outcome is None else {"label": review.outcome.label, "by": "person"})


def _by(outcome: Record, review: Review) -> list[str]:
    if outcome["by"] == "model":
        return ["model"]
    return list(review.outcome.reviewers) if review.outcome is not None else [str(outcome.get("reviewer", ""))]


def _matches(case: FoundCase, question: FindCases) -> bool:
    """By what the searcher is shown: a filter tells no more than the rows do."""
    return (
        question.label in (None, case.label)
        and question.prediction in (None, case.prediction)
        and (question.reviewer is None or question.reviewer in case.by)
    )
