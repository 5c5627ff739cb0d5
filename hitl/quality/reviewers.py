"""Figures for each reviewer: error where the truth is known, and how much they follow the model.

Nobody's own vote is in the truth that it is held against: that is the expert's label where an expert came last, otherwise what
most of the others said. The rate comes from known answers or from how often two people differ (hitl.quality.people_errors).

How often somebody agrees with the model is compared between cases for people that were shown with its suggestion and such
that a coin made blind: the coin makes both alike, so that the difference is the suggestion's doing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.interval import Interval
from hitl.quality.people_errors import PeopleTally, error_of_person, people_tally, tally_by_person
from hitl.quality.reviewer_drift import (
    ReviewerRecord,
    anchoring,
    confirming,
    discernment,
    has_drifted,
    rubber_stamping,
)


@dataclass(slots=True)
class Person:
    """``confusion`` counts (truth, answer); ``tally`` is the person's, and ``everybody`` that of all."""

    tally: PeopleTally = field(default_factory=PeopleTally)
    everybody: PeopleTally = field(default_factory=PeopleTally)
    record: ReviewerRecord = field(default_factory=ReviewerRecord)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: int = 0
    tests: int = 0


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """One reviewer's figures, each with its interval; ``answers`` were given, ``tests`` of them to cases with a known answer.

    ``error`` is the error rate in [0, 1], by known answers or by pairs of votes, and ``has_drifted`` tells whether the answers
    to cases whose truth others know prove one above what is tolerated.
    ``rubber_stamping`` is how much more often the reviewer agrees with the model when its answer is shown.
    ``planted_wrong_confirmed`` and ``shown_right_confirmed`` are the shares of wrong and of right suggestions that the reviewer
    confirmed; ``discernment`` is their difference. ``confusion`` counts answers by truth, then by answer.
    """

    answers: int
    tests: int
    error: Interval
    has_drifted: bool
    rubber_stamping: Interval
    planted_wrong_confirmed: Interval
    shown_right_confirmed: Interval
    discernment: Interval
    confusion: dict[str, dict[str, int]]


def people_of(answers: Sequence[SettledReview], known: Sequence[KnownAnswer] = ()) -> dict[str, Person]:
    """By reviewer; ``known`` are answers to cases that came back to test them."""
    found: dict[str, Person] = {}
    for each in answers:
        for position, (reviewer, label) in enumerate(each.votes):
            _add(found.setdefault(reviewer, Person()), each, label, truth_without(each, position))
    for one in known:
        _add_known(found.setdefault(one.reviewer, Person()), one)
    everybody, tallies = people_tally(answers, known), tally_by_person(answers, known)
    for name, person in found.items():
        person.tally, person.everybody = tallies.get(name, PeopleTally()), everybody
    return found


def truth_without(item: SettledReview, position: int) -> str | None:
    """Return the truth that the vote at ``position`` is held against, without that vote: the label of an expert who came last,
    otherwise what more than half of the others said. None where nobody else knows: of an expert's own vote, and where the others
    tie."""
    if item.expert_agreed is not None:
        return None if position == len(item.votes) - 1 else item.votes[-1][1]
    others = Counter(label for at, (_, label) in enumerate(item.votes) if at != position)
    label, votes = others.most_common(1)[0] if others else ("", 0)
    return label if 2 * votes > others.total() else None


def figures_of(people: Mapping[str, Person]) -> dict[str, ReviewerFigures]:
    """Return the figures of each reviewer, by name."""
    return {name: _figures(person) for name, person in sorted(people.items())}


def _add(person: Person, item: SettledReview, label: str, truth: str | None) -> None:
    person.answers += 1
    if truth is not None:
        person.record = person.record.after_gold(label != truth)
        person.confusion[truth, label] += 1
    if item.prediction is not None and not item.is_automatic:
        person.record = person.record.after_answer(label == item.prediction, item.is_blind)


def _add_known(person: Person, one: KnownAnswer) -> None:
    """Count one answer. Only what was answered blind says how often a person errs: a suggestion pulls."""
    person.tests += 1
    if one.suggested is None:
        person.record = person.record.after_gold(one.label != one.truth)
        person.confusion[one.truth, one.label] += 1
    elif one.suggested == one.truth:
        person.record = person.record.after_right(one.label == one.suggested)
    else:
        person.record = person.record.after_planted(one.label == one.suggested)


def _figures(person: Person) -> ReviewerFigures:
    confusion: dict[str, dict[str, int]] = {}
    for (truth, label), count in sorted(person.confusion.items()):
        confusion.setdefault(truth, {})[label] = count
    return ReviewerFigures(
        answers=person.answers,
        tests=person.tests,
        error=error_of_person(person.tally, person.everybody),
        has_drifted=has_drifted(person.record),
        rubber_stamping=rubber_stamping(person.record),
        planted_wrong_confirmed=anchoring(person.record),
        shown_right_confirmed=confirming(person.record),
        discernment=discernment(person.record),
        confusion=confusion,
    )
