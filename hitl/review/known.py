"""Cases whose answer is known, asked again among the others: what they say of the people who answer them.

With every review that is opened a coin is tossed, keyed with the random salt of its record; its probability stands in the
review's event whether it draws or not. A drawn one brings a settled case back, as a review of its own, to anybody who has not
answered that case: blind, or with a suggestion that is right or wrong on purpose. Its answer changes no outcome and teaches no
model.
"""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from hitl.intake.record import CaseRecord
from hitl.review.claiming import PRESENT_S
from hitl.review.event_fields import KnownTruth
from hitl.review.event_sources import CaseFields, case_fields
from hitl.review.opening_events import KnownAsked, ReviewOpened
from hitl.review.outcomes import current, reviews_of
from hitl.review.state import Purpose, Review, ReviewState, review_id_of
from hitl.review.terms import QueueTerms
from hitl.routing.action import Action
from hitl.tasks.people_terms import KnownItems
from hitl.uniform import hash_to_uniform

MOST_KNOWN = 500
"""Settled cases of a task that may be asked again: the newest."""

MOST_ASKED = 10
"""People who have answered a case: it is not asked again after so many."""

LOOKED_AT = 20
"""Known cases that are considered for one that is opened."""


def asked_beside(
    state: ReviewState, record: CaseRecord, opened: ReviewOpened, terms: QueueTerms, now: float
) -> list[ReviewOpened | KnownAsked]:
    """``opened`` with the probability of the coin, and the known case that it drew, if any."""
    wanted = terms.of(record.task).known
    if wanted is None or record.action == Action.EXPERT:
        return [opened]
    draw = _Draw(record)
    item = next(_eligible(state, record.task, draw.number("item"), now), None)
    told = replace(opened, known_probability=0.0 if item is None else wanted.share)
    if item is None or draw.number("known") >= wanted.share:
        return [told]
    return [told, _asked(state, item, told, wanted, draw, terms, now)]


def reviewers_of_case(state: ReviewState, case_id: str) -> list[str]:
    """Everybody who has answered a review of the case, sorted by name."""
    reviews = reviews_of(state, case_id)
    return sorted({answer["reviewer"] for review in reviews for answer in review.answers})


def keep_known_item(state: ReviewState, review: Review) -> None:
    """Keep a settled case whose answer is known, in place: several people gave it, or an expert. The newest MOST_KNOWN stay."""
    if review.outcome is None or not (len(review.answers) > 1 or any(answer["is_expert"] for answer in review.answers)):
        return
    pool = state.known.setdefault(review.task, {})
    pool.pop(review.review_id, None)
    pool[review.review_id] = None
    while len(pool) > MOST_KNOWN:
        del pool[next(iter(pool))]


def withdraw_known_item(state: ReviewState, review: Review) -> None:
    """It is not drawn again while it waits, in place."""
    if review.reopens is not None:
        state.known.get(review.task, {}).pop(review.reopens, None)


def return_known_item(state: ReviewState, review: Review) -> None:
    """It may be drawn again, for others, in place."""
    if review.reopens is not None and len(reviewers_of_case(state, review.case_id)) < MOST_ASKED:
        state.known.setdefault(review.task, {})[review.reopens] = None


class _Draw:
    """Numbers in [0, 1) that the case's record alone decides."""

    def __init__(self, record: CaseRecord) -> None:
        self._key = f"{record.salt}\n{record.case_id}"

    def number(self, what: str) -> float:
        return hash_to_uniform(f"known\n{what}\n{self._key}")


def _eligible(state: ReviewState, task: str, number: float, now: float) -> Iterator[Review]:
    """Known cases that somebody who was lately at the queue has not answered, from a random one on."""
    present = {who for who, at in state.seen.get(task, {}).items() if at > now - PRESENT_S}
    pool = list(state.known.get(task, ())) if present else []
    start = int(number * len(pool))
    for review_id in islice([*pool[start:], *pool[:start]], LOOKED_AT):
        review = state.reviews[review_id]
        if present - set(reviewers_of_case(state, review.case_id)):
            yield review


def _asked(
    state: ReviewState, item: Review, beside: ReviewOpened, wanted: KnownItems, draw: _Draw, terms: QueueTerms, now: float
) -> KnownAsked:
    """Return the settled ``item`` once more, among the others: it waits where the review ``beside`` it does."""
    label = str((current(state, item.case_id) or {})["label"])
    labels = terms.labels(item.task, item.generation)
    suggested = _suggested(label, labels, wanted, draw)
    opening = terms.opening(item.task, item.segment, now)
    return KnownAsked(
        **_as_suggested(item, labels, suggested),
        review_id=review_id_of(item.case_id, len(reviews_of(state, item.case_id)) + 1),
        queue=beside.queue,
        priority=beside.priority,
        position=beside.position,
        opened_at=opening.at,
        warn_at=opening.warn_at,
        due_at=opening.due_at,
        purpose=Purpose.KNOWN,
        blind=suggested is None,
        assigned=opening.assigned,
        reopens=item.review_id,
        known=KnownTruth(label=label, probability=wanted.share, suggested=suggested),
        known_probability=0.0,
        barred=reviewers_of_case(state, item.case_id),
        turn_at=beside.turn_at,
    )


def _suggested(label: str, labels: list[str], wanted: KnownItems, draw: _Draw) -> str | None:
    """None: asked blind, as is what no model could have said."""
    if draw.number("shown") >= wanted.suggested or label not in labels:
        return None
    if draw.number("wrong") >= wanted.wrong:
        return label
    others = [each for each in labels if each != label]
    return others[int(draw.number("which") * len(others))]


def _as_suggested(item: Review, labels: list[str], suggested: str | None) -> CaseFields:
    """Return the model's words with the suggestion in the place of its own answer, as sure as it was; no check of the model."""
    fields = case_fields(item)
    fields["streams"], fields["gold_probability"], fields["audit_probability"] = [], 0.0, 0.0
    if suggested is not None:
        fields["prediction"], fields["probabilities"] = suggested, _swapped(item, labels, suggested)
    return fields


def _swapped(item: Review, labels: list[str], suggested: str) -> list[float] | None:
    """Return the model's probabilities with those of its own answer and of the suggestion exchanged."""
    if item.prediction not in labels or item.probabilities is None or len(item.probabilities) != len(labels):
        return item.probabilities
    row, own, other = list(item.probabilities), labels.index(item.prediction), labels.index(suggested)
    row[own], row[other] = row[other], row[own]
    return row
