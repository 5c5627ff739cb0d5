"""The level to test at where one person answers a check, and an expert only where that person differs from the model.

People who call a right decision wrong are corrected by the expert; a person who confirms a wrong decision is not. With m the
probability that a person confirms the model where it is wrong, what is seen of the risk R is R (1 - m): a level is kept by
testing at level (1 - m). m is counted on the reviews that experts confirm whatever people said, drawn by
review.expert_validation: any other item with an expert's answer is known because somebody differed, and would say that nobody
ever confirms an error. The larger bound of all of them and of the surer half counts: errors that the model is sure of are
confirmed more often.
"""

from collections.abc import Sequence

import numpy as np

from hitl.quality.answers import SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.eprocess import confidence_sequence
from hitl.quality.expert_validation import is_validated

SHARE_OF_DELTA = 0.2
"""The error budget of the bound on m, beside that of the certificates."""
LEAST_ITEMS = 10
"""The surer half counts by itself from so many items on."""
LEAST_LEVEL = 1e-6


def confirming_wrong(answers: Sequence[SettledReview], share: float, delta: float) -> float:
    """The upper bound on m, at all looks together with probability ``1 - delta``; 1 where nothing tells. An expert confirms the
    ``share`` of the reviews."""
    told = [each for each in answers if _is_error_seen_by_both(each, share)]
    sure = np.array([each.confidence or 0.0 for each in told], dtype=np.float64)
    bounds = [_bound(told, delta / 2)]
    if len(told) >= 2 * LEAST_ITEMS:
        surer = sure >= float(np.median(sure))
        bounds.append(_bound([each for each, counts in zip(told, surer, strict=True) if counts], delta / 2))
    return max(bounds)


def corrected(risk: RiskLevel, confirming: float) -> RiskLevel:
    """Return the level to test at; next to none where people may confirm every error, so that nothing can be shown."""
    return RiskLevel(max(risk.level * (1 - confirming), LEAST_LEVEL), risk.confidence)


def _is_error_seen_by_both(each: SettledReview, share: float) -> bool:
    """Of a check that the draw gave to an expert: the model erred, by what the expert says."""
    is_seen = each.is_blind and each.is_drawn and each.expert_agreed is not None and is_validated(each.review_id, share)
    return is_seen and each.prediction is not None and each.is_wrong


def _bound(told: Sequence[SettledReview], delta: float) -> float:
    confirmed = sum(each.votes[0][1] == each.prediction for each in told)
    return confidence_sequence(confirmed, len(told), 1 - delta).high if told else 1.0
