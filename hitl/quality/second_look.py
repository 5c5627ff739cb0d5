"""Select labels for a second review: those that a model which was not trained on them found improbable."""

from collections.abc import Collection, Sequence
from math import ceil

import numpy as np

from hitl.quality.answers import SettledReview
from hitl.quality.label_noise import second_looks

ENOUGH = 50
"""Labels before the model's mean confidence in each of them says anything."""


def wanted(answers: Sequence[SettledReview], labels: Sequence[str], budget: float, looked_at: Collection[str]) -> list[str]:
    """Review ids, the most suspicious first, once each; with those of ``looked_at`` (cases) at most the share ``budget`` of all.

    Of reviews that one person answered and no coin drew: checks have their own second answers, and the probabilities are those
    that the case came with, before anybody had labelled it.
    """
    number = {label: i for i, label in enumerate(labels)}
    known = [
        each for each in answers if _is_single(each) and each.label in number and len(each.probabilities or ()) == len(labels)
    ]
    if len(known) < ENOUGH:
        return []
    said = np.array([each.probabilities for each in known], dtype=np.float64)
    given = np.array([number[each.label] for each in known], dtype=np.int64)
    room = ceil(budget * len(known)) - len(looked_at)
    found = [known[i] for i in second_looks(said, given, budget)]
    return [each.review_id for each in found if each.case_id not in looked_at][: max(room, 0)]


def _is_single(answer: SettledReview) -> bool:
    return len(answer.votes) == 1 and not answer.is_drawn and answer.purpose == "review"
