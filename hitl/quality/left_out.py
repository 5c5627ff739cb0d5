"""Answers of people that are no evidence of a model, because nobody looked: which they are, and how many.

A check whose answer is left out is not dropped: it waits, and so counts as wrong, until somebody else has answered it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.lazy import Laziness, TestedAnswer, TimedAnswer, lazy_answers


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The answer of a review that is left out, for the reason ``why``; ``waits``: nobody else has answered its case yet."""

    why: Laziness
    waits: bool


@dataclass(frozen=True, slots=True)
class LeftOutFigures:
    """Answers to checks that are no evidence: ``quick`` ones, and those of people who failed the ``known_answers``. ``waiting``
    checks of them count as wrong, since nobody else has answered them yet."""

    quick: int
    known_answers: int
    waiting: int


def lazy_reviews(reviews: Iterable[SettledReview], known: Iterable[KnownAnswer]) -> dict[str, Laziness]:
    """Return why reviews are left out, by review id: one of their answers is lazy, and no expert came after it."""
    settled = list(reviews)
    timed = [one for each in settled for one in _timed(each)]
    tests = [TestedAnswer(one.reviewer, one.at, one.label != one.truth) for one in known if one.suggested is None]
    by_experts = {each.review_id for each in settled if each.expert_agreed is not None}
    return {name: why for name, why in lazy_answers(timed, tests).items() if name not in by_experts}


def left_out_of(
    reviews: Mapping[str, Sequence[SettledReview]], lazy: Mapping[str, Laziness], waiting: Collection[str]
) -> dict[str, LeftOut]:
    """Return the left-out blind answers among the ``reviews`` of drawn cases, by review id; ``waiting`` cases have no answer
    that counts."""
    return {
        each.review_id: LeftOut(lazy[each.review_id], case in waiting)
        for case, several in reviews.items()
        for each in several
        if each.is_blind and each.review_id in lazy
    }


def left_out_figures(left_out: Iterable[LeftOut]) -> LeftOutFigures:
    """Count them."""
    found = list(left_out)
    return LeftOutFigures(
        quick=sum(each.why == "quick" for each in found),
        known_answers=sum(each.why == "known answers" for each in found),
        waiting=sum(each.waits for each in found),
    )


def _timed(review: SettledReview) -> list[TimedAnswer]:
    """One for each answer. How long each of several people held a review is not known: the time since the answer before tells."""
    held_s = review.held_s if len(review.votes) == 1 and review.held_s is not None else inf
    at = review.voted_at or (review.at,) * len(review.votes)
    return [TimedAnswer(review.review_id, name, moment, held_s) for (name, _), moment in zip(review.votes, at, strict=True)]
