"""What was spent at an endpoint in this UTC day, by this process."""

import threading
import time
from collections.abc import Callable

from hitl.adapters.endpoints.terms import EndpointBudget

DAY_S = 86_400


class EndpointSpending:
    """Safe for several threads. ``wall`` gives UTC seconds."""

    def __init__(self, budget: EndpointBudget, wall: Callable[[], float] = time.time) -> None:
        self._budget, self._wall, self._lock = budget, wall, threading.Lock()
        self._day, self._calls, self._tokens = -1, 0, 0

    def take_call(self) -> str | None:
        """Count one call; or say in words which limit is reached, and count nothing."""
        with self._lock:
            self._turn_the_day()
            spent = self._reached()
            if spent is None:
                self._calls += 1
            return spent

    def add_tokens(self, tokens: int) -> None:
        with self._lock:
            self._turn_the_day()
            self._tokens += tokens

    @property
    def dollars(self) -> float:
        return self._calls * self._budget.dollars_per_call + self._tokens / 1000 * self._budget.dollars_per_1000_tokens

    def _reached(self) -> str | None:
        budget = self._budget
        limits = (
            ("calls", self._calls, budget.calls),
            ("tokens", self._tokens, budget.tokens),
            ("dollars", self.dollars, budget.dollars),
        )
        reached = [f"{limit:g} {name}" for name, spent, limit in limits if limit is not None and spent >= limit]
        return f"the budget of {reached[0]} a day is spent" if reached else None

    def _turn_the_day(self) -> None:
        day = int(self._wall() // DAY_S)
        if day != self._day:
            self._day, self._calls, self._tokens = day, 0, 0
