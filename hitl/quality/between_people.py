"""Agreement between pairs of reviewers of the same cases, and Krippendorff's alpha over all of them."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from hitl.quality.agreement import krippendorff_alpha, vote_counts
from hitl.quality.answers import Answer
from hitl.quality.binomial import clopper_pearson

MOST_PEOPLE = 30
"""Those with the most answers: a larger matrix cannot be read."""
MOST_ITEMS = 5_000
SEED = 0


def between_people(answers: Sequence[Answer], labels: Sequence[str], named: bool) -> dict[str, Any]:
    """``{"people", "pairs": [{"a", "b", "n", "value", "low", "high", ...}], "alpha"}`` from the newest cases that two people or
    more answered by themselves. An expert who was shown an answer to confirm is no second opinion. Without ``named`` people are
    called by their place."""
    items = [dict(each.votes) for each in answers if len(dict(each.votes)) > 1 and each.expert_agreed is None][-MOST_ITEMS:]
    given = Counter(person for item in items for person in item)
    people = sorted(given, key=lambda person: (-given[person], person))[:MOST_PEOPLE]
    shown = {person: person if named else f"person {at + 1}" for at, person in enumerate(people)}
    return {
        "people": list(shown.values()),
        "pairs": [row | {"a": shown[a], "b": shown[b]} for a, b in combinations(people, 2) if (row := _pair(items, a, b))],
        "alpha": krippendorff_alpha(_counts(items, labels), np.random.default_rng(SEED)).plain(),
    }


def _pair(items: Sequence[dict[str, str]], a: str, b: str) -> dict[str, Any] | None:
    """None for two who share no case."""
    both = [item[a] == item[b] for item in items if a in item and b in item]
    return clopper_pearson(sum(both), len(both)).plain() if both else None


def _counts(items: Sequence[dict[str, str]], labels: Sequence[str]) -> Any:
    place = {label: at for at, label in enumerate(labels)}
    most = max((len(item) for item in items), default=0)
    rows = [[place.get(label, -1) for label in item.values()] + [-1] * (most - len(item)) for item in items]
    return vote_counts(np.array(rows, dtype=np.int64).reshape(len(items), most), len(labels))
