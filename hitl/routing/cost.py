"""Choose the cheapest of model, reviewer and expert for a case, where a certificate allows the model.

An action costs what its doing costs and what its errors cost: ``p * C`` with the case's harm ``C``. People are scarce, so each
queue has a price that rises while its wait is forecast to be too long; what goes to people is then what is worth most there.
"""

from dataclasses import dataclass, fields

from hitl.errors import InvalidConfig
from hitl.routing.action import Action
from hitl.routing.policy import Policy, Risk


@dataclass(frozen=True, slots=True)
class Costs:
    """In dollars: one review, one expert's look, and the harm of a wrong decision, fixed plus per dollar of the case's amount.

    Raises InvalidConfig for a negative one.
    """

    review: float = 0.40
    expert: float = 4.0
    harm: float = 10.0
    harm_per_amount: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) >= 0:
                raise InvalidConfig("costs", field.name, f"expected a number >= 0, came {getattr(self, field.name)!r}")

    def harm_of(self, amount: float) -> float:
        return self.harm + self.harm_per_amount * amount


def costs_of(policy: Policy) -> Costs:
    """The costs in the policy, with defaults where it names none."""
    terms = policy.costs
    return Costs() if terms is None else Costs(terms.review, terms.expert, terms.harm, terms.harm_per_amount)


def harm_of(policy: Policy, amount: float) -> float | None:
    """Return what a wrong decision costs in dollars; None where the policy has no level for money."""
    has_level = isinstance(policy.risk, Risk) and policy.risk.money is not None
    return costs_of(policy).harm_of(amount) if has_level else None


@dataclass(frozen=True, slots=True)
class Doubt:
    """The probability that each would get the case wrong."""

    model: float
    reviewer: float
    expert: float


@dataclass(frozen=True, slots=True)
class QueuePrices:
    """The congestion price of each queue, in dollars a case: 0 while there is room."""

    review: float = 0.0
    expert: float = 0.0


@dataclass(frozen=True, slots=True)
class CostedAction:
    """The chosen ``action``, and what each open one was expected to cost."""

    action: Action
    expected: dict[Action, float]

    @property
    def reason(self) -> str:
        listed = ", ".join(f"{action.value} {cost:.2f}" for action, cost in self.expected.items())
        return f"{self.action.value} has the least expected cost ({listed})"


def cheapest(doubt: Doubt, amount: float, costs: Costs, prices: QueuePrices, may_automate: bool) -> CostedAction:
    """Return the action with the least expected cost; automatic only if ``may_automate``: the case's score is certified and no
    rule forbids it. On a tie, the safer one."""
    harm = costs.harm_of(amount)
    expected = {
        Action.EXPERT: costs.expert + prices.expert + doubt.expert * harm,
        Action.REVIEW: costs.review + prices.review + doubt.reviewer * harm,
    }
    if may_automate:
        expected[Action.AUTOMATIC] = doubt.model * harm
    return CostedAction(min(expected, key=expected.__getitem__), expected)


def next_price(price: float, forecast_wait_h: float, allowed_wait_h: float, highest: float, step: float = 0.05) -> float:
    """Return a queue's price after one look at its forecast: up in proportion to the excess, down to 0 when there is room. It
    moves by at most ``step`` either way, so that it falls as fast as it rises, and never above ``highest``: a price beyond the
    harm of a wrong decision would only say once more that nobody is to be asked."""
    excess = min(max(forecast_wait_h / allowed_wait_h - 1, -1.0), 1.0)
    return min(max(0.0, price + step * excess), highest)
