"""Agreement between pairs of reviewers of the same cases, and Krippendorff's alpha over all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hitl.quality.agreement import Scale, krippendorff_alpha, vote_counts
from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Floats
from hitl.quality.binomial import clopper_pearson
from hitl.quality.interval import Interval, PublishedFigure

MOST_PEOPLE = 30
"""Those with the most answers: a larger matrix cannot be read."""
MOST_ITEMS = 5_000
SEED = 0


@dataclass(frozen=True, slots=True)
class PairAgreement(PublishedFigure):
    """The share in [0, 1] of the ``n`` cases answered by both ``a`` and ``b`` on which they agree."""

    a: str
    b: str


@dataclass(frozen=True, slots=True)
class PeopleAgreement:
    """Agreement between ``people``, those with the most answers first; ``alpha`` is Krippendorff's over all of them, at most 1
    and 0 for what chance gives. ``missing`` says why there are no pairs, None where there are."""

    people: list[str]
    pairs: list[PairAgreement]
    alpha: Interval
    missing: str | None


def between_people(
    answers: Sequence[SettledReview], labels: Sequence[str], named: bool, scale: Scale = "nominal"
) -> PeopleAgreement:
    """Return the agreement of pairs in the newest cases that two people or more answered by themselves.

    ``labels`` are those that alpha is about, in their order where ``scale`` is ordinal. An expert who was shown an answer to
    confirm is no second opinion. Without ``named`` people are called by their place.
    """
    asked = [each for each in answers if len(dict(each.votes)) > 1 and each.expert_agreed is None][-MOST_ITEMS:]
    items = [dict(each.votes) for each in asked]
    given = Counter(person for item in items for person in item)
    people = sorted(given, key=lambda person: (-given[person], person))[:MOST_PEOPLE]
    shown = {person: person if named else f"person {at + 1}" for at, person in enumerate(people)}
    found = [(a, b, _agreed(asked, items, a, b)) for a, b in combinations(people, 2)]
    pairs = [PairAgreement(a=shown[a], b=shown[b], **each.plain()) for a, b, each in found if each.n]
    alpha = krippendorff_alpha(_counts(items, labels), np.random.default_rng(SEED), scale)
    missing = None if pairs else "no case has independent answers of two people yet"
    return PeopleAgreement(list(shown.values()), pairs, alpha, missing)


def _agreed(answers: Sequence[SettledReview], items: Sequence[dict[str, str]], a: str, b: str) -> Interval:
    both = [each.agree(item[a], item[b]) for each, item in zip(answers, items, strict=True) if a in item and b in item]
    return clopper_pearson(sum(both), len(both))


def _counts(items: Sequence[dict[str, str]], labels: Sequence[str]) -> Floats:
    place = {label: at for at, label in enumerate(labels)}
    most = max((len(item) for item in items), default=0)
    rows = [[place.get(label, -1) for label in item.values()] + [-1] * (most - len(item)) for item in items]
    return vote_counts(np.array(rows, dtype=np.int64).reshape(len(items), most), len(labels))
