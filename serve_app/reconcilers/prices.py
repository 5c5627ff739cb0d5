"""Marginal review price of each queue (congestion pricing): up while its forecast wait is too long, then down.

Only for tasks whose policy states costs. The price takes effect through the serving generation, so everywhere at once.
"""

from collections.abc import Mapping

from hitl.canonical import fingerprint
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards, review_shards
from hitl.review import QueueOf, expert_queue
from hitl.review.pace import together, wait_s
from hitl.routing.cost import costs_of, next_price
from hitl.serving.commands import SetPrices
from hitl.serving.questions import ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf
from serve_app.http.telemetry import json_log

PRICES = "prices"
"""Who sets them, in the journal: not a person."""

HOUR_S = 3600.0
TINY = 1e-9
STEP = 0.05
"""Dollars for a wait of twice what is allowed, or for an empty queue, at each look: the most that a price moves."""

LEAST_WAITING = 20
"""Cases that wait in a queue where nobody's speed is known, from which on it counts as too slow: one alone says nothing."""

NEWS = 0.10
"""Dollars by which a price must have moved since it was last published: each publication is a generation that every gateway
loads."""

log = json_log()


class PriceReconciler:
    """Looks at both queues of every task; each step is harmless to repeat. ``default_hours`` is the deadline of tasks without
    one of their own."""

    def __init__(
        self, shards: Shards, tasks: Mapping[str, TaskSpec], policy_of: PolicyOf, partitions: int, default_hours: float
    ) -> None:
        self._shards, self._tasks, self._policy_of = shards, tasks, policy_of
        self._partitions, self._default_hours = partitions, default_hours
        self._exact = dict[tuple[str, str], float]()

    async def once(self) -> None:
        for task, spec in self._tasks.items():
            serving = await self._shards.ask(APPROVAL, ServingOf(task))
            if self._policy_of(task, serving).policy.costs is not None:
                await self._look(spec, serving)

    async def _look(self, spec: TaskSpec, serving: ServingView) -> None:
        known, allowed_h = serving.prices, spec.review.timeout_hours or self._default_hours
        waits = {
            "review": await self._wait_h(spec.task, allowed_h),
            "expert": await self._wait_h(expert_queue(spec.task), allowed_h),
        }
        costs = costs_of(self._policy_of(spec.task, serving).policy)
        highest = max(costs.harm, costs.expert)
        after = {
            name: self._moved(spec.task, name, known.get(name, 0.0), wait / allowed_h, highest) for name, wait in waits.items()
        }
        if after != {name: known.get(name, 0.0) for name in waits}:
            reason = ", ".join(f"{name}: {wait:.2f} h of {allowed_h:g} h" for name, wait in waits.items())
            command = SetPrices(spec.task, after["review"], after["expert"], f"forecast waits {reason}", PRICES)
            command_id = fingerprint([PRICES, spec.task, serving.generation])
            await self._shards.submit(APPROVAL, Envelope(command, command_id, fingerprint([command_id, after]), PRICES, PRICES))
            log.info("prices of people's time", task=spec.task, prices=after, reason=reason)

    def _moved(self, task: str, queue: str, published: float, wait: float, highest: float) -> float:
        """Return the price to publish, given the forecast ``wait`` in times of what is allowed: the one that stands until the
        exact one, which is kept here, has moved enough."""
        exact = next_price(self._exact.get((task, queue), published), wait, 1.0, highest, STEP)
        self._exact[task, queue] = exact
        is_news = abs(exact - published) >= NEWS - TINY or exact in (0.0, highest)
        return _cents(exact) if is_news else published

    async def _wait_h(self, queue: str, allowed_h: float) -> float:
        """The forecast wait of a case that came now, in hours."""
        parts = [await self._shards.ask(shard, QueueOf(queue, PRICES)) for shard in review_shards(self._partitions)]
        waiting = sum(part.waiting for part in parts)
        forecast_s = wait_s(waiting, together(part.rates for part in parts))
        if not waiting:
            return 0.0
        if forecast_s is None:  # an unknown speed holds the price while few wait
            return 2 * allowed_h if waiting >= LEAST_WAITING else allowed_h
        return forecast_s / HOUR_S


def _cents(price: float) -> float:
    """Smaller changes are no news."""
    return round(price, 2)
