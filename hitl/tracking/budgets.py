"""Compare costs with budgets: one alert for each passed share of the limit and period.

A process may watch what it exports itself; the service watches what all processes stored.
"""

import calendar
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypedDict

from hitl.tracking.config import Budget
from hitl.tracking.ports import AlertSink
from hitl.tracking.record import Trace
from hitl.tracking.rows import RunRow

TOPIC = "tracking.budget"
"""The kind under which an alert goes into the outbox."""

LATE_S = 86_400.0
"""Runs that waited on a disk for longer are in the reports and in no alert."""


class BudgetAlert(TypedDict):
    """What was ``spent`` in a ``period`` of a budget whose ``share`` of the ``limit`` is passed."""

    feature: str
    period: str
    spent: float
    limit: float
    currency: str
    share: float


def period_of(at: float, period: Literal["day", "month"]) -> str:
    """Return the UTC day or month of a moment, as text.

    >>> period_of(0, "month")
    '1970-01'
    """
    return time.strftime("%Y-%m-%d" if period == "day" else "%Y-%m", time.gmtime(at))


def period_start(at: float, period: Literal["day", "month"]) -> float:
    """Return the first second (UTC) of a moment's day or month.

    >>> period_start(86_400 * 40.5, "month") == 86_400 * 31
    True
    """
    day = time.gmtime(at)
    return float(calendar.timegm((day.tm_year, day.tm_mon, day.tm_mday if period == "day" else 1, 0, 0, 0)))


def alerts(budget: Budget, spent: float, period: str, currency: str) -> list[tuple[str, BudgetAlert]]:
    """Return every alert that ``spent`` has earned, with its key: one for each share that is passed."""
    passed = [share for share in budget.alert_at if spent >= share * budget.limit]
    return [(f"{budget.feature}:{period}:{share:g}", _alert(budget, spent, period, currency, share)) for share in passed]


def _alert(budget: Budget, spent: float, period: str, currency: str, share: float) -> BudgetAlert:
    return {
        "feature": budget.feature,
        "period": period,
        "spent": spent,
        "limit": budget.limit,
        "currency": currency,
        "share": share,
    }


class Spending:
    """Sums costs by budget and period, and names each alert once."""

    def __init__(self, budgets: Iterable[Budget], currency: str) -> None:
        self._budgets, self._currency = tuple(budgets), currency
        self._spent: dict[tuple[str, str], float] = {}
        self._told: set[str] = set()

    def add(self, feature: str, cost: float, at: float) -> list[tuple[str, BudgetAlert]]:
        """Count a cost at ``at`` (UTC seconds); the alerts that it is the first to earn, with their keys."""
        return [alert for budget in self._budgets if budget.feature in (feature, "*") for alert in self._added(budget, cost, at)]

    def _added(self, budget: Budget, cost: float, at: float) -> list[tuple[str, BudgetAlert]]:
        period = period_of(at, budget.period)
        key = (budget.feature, period)
        self._spent[key] = self._spent.get(key, 0.0) + cost
        earned = alerts(budget, self._spent[key], period, self._currency)
        new = [(name, alert) for name, alert in earned if name not in self._told]
        self._told.update(name for name, _ in new)
        return new


class BudgetWatch:
    """Counts the traces of one process and sends what is passed."""

    def __init__(self, budgets: Iterable[Budget], currency: str, outbox: AlertSink, now: Callable[[], float]) -> None:
        self._spending, self._outbox, self._now = Spending(budgets, currency), outbox, now

    def see(self, trace: Trace) -> None:
        """Count one trace."""
        for feature, cost in _costs(trace).items():
            for name, alert in self._spending.add(feature, cost, self._now()):
                self._outbox.put(name, TOPIC, alert)


class RunSpending:
    """Counts the runs that all processes stored, read in overlapping windows: each run once."""

    def __init__(self, budgets: Sequence[Budget], currency: str) -> None:
        self._spending = Spending(budgets, currency)
        self._periods = [budget.period for budget in budgets]
        self._counted: dict[str, float] = {}
        self._read_until: float | None = None

    def since_s(self, now: float) -> float:
        """Return the time to read from: the start of the oldest present period at first, later a day back, for late runs."""
        begins = [period_start(now, period) for period in self._periods]
        first = min(begins, default=now)
        return first if self._read_until is None else max(first, self._read_until - LATE_S)

    def see(self, rows: Iterable[RunRow], now: float) -> list[tuple[str, BudgetAlert]]:
        """Count the runs not counted yet; the alerts that they earned, with their keys."""
        new = [row for row in rows if row.run_id not in self._counted]
        self._counted |= {row.run_id: row.started_s for row in new}
        self._read_until = now
        self._counted = {run: at for run, at in self._counted.items() if at >= now - 2 * LATE_S}
        return [alert for row in new for alert in self._spending.add(row.feature, row.metrics.get("cost", 0.0), row.started_s)]


def _costs(trace: Trace) -> Mapping[str, float]:
    costs: dict[str, float] = {}
    for span in trace.spans:
        if span.cost:
            costs[span.feature] = costs.get(span.feature, 0.0) + span.cost
    return costs
