"""What a decision costs by rule: fixed bands, everything reviewed, and the least expected cost."""

from dataclasses import dataclass

import numpy as np

from hitl.routing.cost import Costs, Doubt, Prices, cheapest
from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action, route

CASES = 5000
DEAR = Costs(review=2.0, expert=8.0, harm=10.0, harm_per_amount=0.02)
"""Dear reviews and harm that grows with the amount: where the rule matters."""
REVIEWER_ERROR, EXPERT_ERROR = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class CostStudy:
    """Dollars a decision, errors included."""

    fixed_bands: float
    all_reviewed: float
    cheapest: float


def cost_study(costs: Costs = DEAR, seed: int = 16) -> CostStudy:
    """A calibrated model on cases with very different amounts; no certificate stands in the way of any rule."""
    rng = np.random.default_rng(seed)
    confidence, amounts = 1 - 0.5 * rng.beta(0.5, 2.0, CASES), rng.lognormal(6.0, 1.2, CASES)
    totals = np.zeros(3)
    for sure, amount in zip(confidence.tolist(), amounts.tolist(), strict=True):
        doubt = Doubt(1 - sure, REVIEWER_ERROR, EXPERT_ERROR)
        expected = cheapest(doubt, amount, costs, Prices(), may_automate=True)
        fixed = route(Prediction("a", (sure, 1 - sure), sure, 0.0, "m"), Policy()).action
        totals += [expected.expected[action] for action in (fixed, Action.REVIEW, expected.action)]
    return CostStudy(*(totals / CASES).tolist())
