"""Cost against budgets: an alert when a share of the limit is passed, once a period.

A process watches what it exports itself; the report reads what all processes stored.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from hitl.tracking.config import Budget
from hitl.tracking.ports import Outbox
from hitl.tracking.record import Trace

TOPIC = "tracking.budget"


def period_of(at: float, period: Literal["day", "month"]) -> str:
    """The UTC day or month of a moment, as text.

    >>> period_of(0, "month")
    '1970-01'
    """
    return time.strftime("%Y-%m-%d" if period == "day" else "%Y-%m", time.gmtime(at))


def alerts(budget: Budget, spent: float, period: str, currency: str) -> list[tuple[str, dict[str, Any]]]:
    """Every alert that ``spent`` has earned, with its key: one for each share that is passed."""
    passed = [share for share in budget.alert_at if spent >= share * budget.limit]
    fact = {"feature": budget.feature, "period": period, "spent": spent, "limit": budget.limit, "currency": currency}
    return [(f"{budget.feature}:{period}:{share:g}", fact | {"share": share}) for share in passed]


class BudgetWatch:
    """Sums the cost of traces by feature and period and sends what is passed."""

    def __init__(self, budgets: Iterable[Budget], currency: str, outbox: Outbox, now: Callable[[], float]) -> None:
        self._budgets, self._currency, self._outbox, self._now = tuple(budgets), currency, outbox, now
        self._spent: dict[tuple[str, str], float] = {}
        self._sent: set[str] = set()

    def see(self, trace: Trace) -> None:
        """Count one trace."""
        for feature, cost in _costs(trace).items():
            for budget in self._budgets:
                if budget.feature in (feature, "*"):
                    self._add(budget, cost)

    def _add(self, budget: Budget, cost: float) -> None:
        period = period_of(self._now(), budget.period)
        key = (budget.feature, period)
        self._spent[key] = self._spent.get(key, 0.0) + cost
        for name, alert in alerts(budget, self._spent[key], period, self._currency):
            if name not in self._sent:
                self._sent.add(name)
                self._outbox.send(TOPIC, name, alert)


def _costs(trace: Trace) -> Mapping[str, float]:
    costs: dict[str, float] = {}
    for span in trace.spans:
        if span.cost:
            costs[span.feature] = costs.get(span.feature, 0.0) + span.cost
    return costs
