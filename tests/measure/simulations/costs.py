"""What a decision costs by rule: fixed bands, everything reviewed, and the least expected cost."""

from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Floats
from hitl.routing.cost import Costs, Doubt, QueuePrices, cheapest
from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action, route

CASES = 5000
DEAR = Costs(review=2.0, expert=8.0, harm=10.0, harm_per_amount=0.02)
"""Dear reviews and harm that grows with the amount: where the rule matters."""
REVIEWER_ERROR, EXPERT_ERROR = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class CostStudy:
    """Dollars a decision, errors included. ``paid`` is what the cheapest rule's choices cost once errors are drawn, and
    ``bands_paid`` the bands'; ``floor`` the least of any way to choose, found without the rule."""

    fixed_bands: float
    all_reviewed: float
    cheapest: float
    paid: float
    bands_paid: float
    floor: float

    @property
    def share_of_bands(self) -> float:
        return self.cheapest / self.fixed_bands


def cost_study(costs: Costs = DEAR, seed: int = 16) -> CostStudy:
    """A calibrated model on cases with very different amounts; no certificate stands in the way of any rule."""
    rng = np.random.default_rng(seed)
    confidence, amounts = 1 - 0.5 * rng.beta(0.5, 2.0, CASES), rng.lognormal(6.0, 1.2, CASES)
    luck: Floats = rng.random(CASES)
    totals = np.zeros(6)
    for sure, amount, drawn in zip(confidence.tolist(), amounts.tolist(), luck.tolist(), strict=True):
        chance = {Action.AUTOMATIC: 1 - sure, Action.REVIEW: REVIEWER_ERROR, Action.EXPERT: EXPERT_ERROR}
        work = {Action.AUTOMATIC: 0.0, Action.REVIEW: costs.review, Action.EXPERT: costs.expert}
        doubt = Doubt(chance[Action.AUTOMATIC], chance[Action.REVIEW], chance[Action.EXPERT])
        found = cheapest(doubt, amount, costs, QueuePrices(), may_automate=True)
        fixed = route(Prediction("a", (sure, 1 - sure), sure, 0.0, "m"), Policy()).action
        harm = costs.harm_of(amount)
        paid = [work[action] + (harm if drawn < chance[action] else 0.0) for action in (found.action, fixed)]
        floor = min(work[action] + chance[action] * harm for action in work)
        expected = [found.expected[action] for action in (fixed, Action.REVIEW, found.action)]
        totals += [*expected, *paid, floor]
    return CostStudy(*(totals / CASES).tolist())
