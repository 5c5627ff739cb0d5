"""Cost against budgets: each share of a limit is told once a period, whoever counts."""

from typing import Any

import pytest

import hitl.tracking as tracking
from hitl.tracking.budgets import LATE_S, RunSpending, period_start
from hitl.tracking.config import Budget
from hitl.tracking.rows import RunRow
from tests.tracking.conftest import MemorySink

DAY = 86_400.0
BUDGETS = [Budget(feature="*", limit=10, period="day", alert_at=[0.5, 1.0]), Budget(feature="spec", limit=4, period="month")]


def _run(n: int, cost: float, feature: str = "spec", at: float = 40 * DAY) -> RunRow:
    return RunRow(f"r{n}", "e", at, "success", metrics={"cost": cost}, tags={"feature": feature})


@pytest.mark.covers("004-19")
def test_a_process_tells_its_own_alerts_once_a_period(make_tracker: Any, sink: MemorySink) -> None:
    sent: list[tuple[str, str]] = []

    class Box:
        def put(self, message_id: str, kind: str, payload: dict[str, Any]) -> None:
            sent.append((kind, message_id.split(":")[0] + ":" + message_id.rsplit(":", 1)[1]))

    tracker = make_tracker(sink, outbox=Box())
    call = tracking.track_text("pfd_conversion", "spec")(lambda: {"model": "m", "cost": 10.0})
    for _ in range(6):
        call()
    assert tracker.flush(5)
    assert sent == [("tracking.budget", f"pfd_conversion:{share}") for share in ("0.5", "0.8", "1")]


def test_a_run_that_is_read_twice_is_counted_once() -> None:
    spending = RunSpending(BUDGETS, "USD")
    first = spending.see([_run(1, 3.0)], 40 * DAY)
    assert first == []
    assert [key for key, _ in spending.see([_run(1, 3.0), _run(2, 2.5)], 40 * DAY + 1)] == [
        "*:1970-02-10:0.5",
        "spec:1970-02:0.8",
        "spec:1970-02:1",
    ]
    assert spending.see([_run(1, 3.0), _run(2, 2.5)], 40 * DAY + 2) == []


def test_a_new_period_begins_at_nothing() -> None:
    spending = RunSpending(BUDGETS[:1], "USD")
    assert len(spending.see([_run(1, 9.0, at=40 * DAY)], 40 * DAY)) == 1
    assert spending.see([_run(2, 4.0, at=41 * DAY)], 41 * DAY) == []


def test_the_first_reading_begins_with_the_oldest_period_and_later_ones_a_day_back() -> None:
    spending, now = RunSpending(BUDGETS, "USD"), 40.5 * DAY
    assert spending.since_s(now) == period_start(now, "month") == 31 * DAY
    spending.see([], now)
    assert spending.since_s(now + 60) == now - LATE_S
