"""Runs of the simulation: cases at a rate or from connections that wait, people who review, and what a run shows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.measure.scale_simulation.costs import QUESTIONS, US, Costs
from tests.measure.scale_simulation.engine import Clock, Process
from tests.measure.scale_simulation.world import STAGES, Layout, Product, Told

WARM_UP_S = 0.5
SEED = 7
FULL, FILLED = 0.98, ("keeper", "review shard", "review ingress", "cores")
"""What works for more of the time than this does not keep up. Gateways and stores are not among them: the more waits for them,
the more they do at once."""

UNANSWERED, BEHIND_S = 0.02, 0.2
"""Share of the cases of a run that may have no answer at its end, and how far the keeper may be behind: ten of its pauses."""


@dataclass(frozen=True, slots=True)
class Load:
    """``cases_per_s`` in all, as independent requests; or ``connections`` of ``senders`` on the first machine that each wait
    for their answer. ``reviewers`` claim, think for ``think_s`` in the mean, and answer."""

    cases_per_s: float = 0.0
    connections: int = 0
    senders: int = 1
    reviewers: int = 0
    think_s: float = 36.0
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run showed after its warm-up. ``busy`` is the share of the time that the busiest process of each role worked, and
    of the cores of the busiest machine."""

    decisions_per_s: float
    p50_ms: float
    p99_ms: float
    busy: Mapping[str, float]
    unanswered: float
    behind_s: float = 0.0
    """How long what the keeper has not read took to come."""
    reviews_per_s: float = 0.0
    claim_p99_ms: float = 0.0

    def keeps_up(self, p99_ms: float) -> bool:
        """Whether everything that was asked for is done, the slowest answers within ``p99_ms``."""
        is_full = any(self.busy.get(role, 0.0) > FULL for role in FILLED)
        is_behind = self.unanswered > UNANSWERED or self.behind_s > BEHIND_S
        return not is_full and not is_behind and self.p99_ms <= p99_ms


def simulated(layout: Layout, costs: Costs, load: Load, stages: int = STAGES, seed: int = SEED) -> Shown:
    """One run of ``WARM_UP_S`` and ``load.seconds`` more."""
    clock = Clock(seed)
    product, told = Product(clock, layout, costs, stages), Told()
    if load.cases_per_s:
        _ask_at_a_rate(product, told, load.cases_per_s)
    senders = [Process("sender", product.machines[0]) for _ in range(load.senders)]
    for number in range(load.connections):
        _ask_again_and_again(product, told, senders[number % load.senders])
    for _ in range(load.reviewers):
        _review(product, told, load.think_s)
    clock.run(WARM_UP_S)
    before = _busy_s(product)
    told.took_s.clear()
    told.claims_s.clear()
    told.asked = told.reviewed = 0
    clock.run(WARM_UP_S + load.seconds)
    busy_s = {
        role: max(now - was for now, was in zip(each, before[role], strict=True)) for role, each in _busy_s(product).items()
    }
    return _shown(product, told, load, {role: round(each / load.seconds, 4) for role, each in busy_s.items()})


def _shown(product: Product, told: Told, load: Load, busy: Mapping[str, float]) -> Shown:
    took, claims = (np.array(each) if each else np.zeros(1) for each in (told.took_s, told.claims_s))
    asked = max(told.asked, 1)
    return Shown(
        decisions_per_s=round(len(told.took_s) / load.seconds, 1),
        p50_ms=round(1000 * float(np.quantile(took, 0.5)), 2),
        p99_ms=round(1000 * float(np.quantile(took, 0.99)), 2),
        busy=busy,
        unanswered=max(0.0, 1.0 - len(told.took_s) / asked) if load.cases_per_s else 0.0,
        behind_s=round(product.unread / load.cases_per_s, 3) if product.layout.has_keeper and load.cases_per_s else 0.0,
        reviews_per_s=round(told.reviewed / load.seconds, 1),
        claim_p99_ms=round(1000 * float(np.quantile(claims, 0.99)), 2),
    )


def _busy_s(product: Product) -> dict[str, list[float]]:
    """Seconds of work by role, a figure for each process, and for each machine's cores."""
    found: dict[str, list[float]] = {}
    for process in product.processes:
        found.setdefault(process.role, []).append(process.busy_s)
    found["cores"] = [machine.busy_s / machine.count for machine in product.machines]
    return found


def _ask_at_a_rate(product: Product, told: Told, per_s: float) -> None:
    clock = product.clock

    def ask() -> None:
        began = clock.now
        told.asked += 1
        product.ask(clock.rng.randrange(product.layout.partitions), lambda: told.took_s.append(clock.now - began))
        clock.after(clock.rng.expovariate(per_s), ask)

    clock.after(clock.rng.expovariate(per_s), ask)


def _ask_again_and_again(product: Product, told: Told, sender: Process) -> None:
    """One connection of a sender, which has one thread for all of its own."""
    clock = product.clock

    def ask() -> None:
        told.asked += 1
        began = clock.now

        def answered() -> None:
            told.took_s.append(clock.now - began)
            send()

        product.ask(clock.rng.randrange(product.layout.partitions), answered)

    def send() -> None:
        sender.do(lambda: product.work(product.costs.load_case), ask)

    clock.after(clock.rng.random() * 0.01, send)


def _review(product: Product, told: Told, think_s: float) -> None:
    """A reviewer who never runs out of reviews, and who holds one at the beginning, somewhere in a thought."""
    clock = product.clock

    def think(partition: int) -> None:
        clock.after(clock.rng.expovariate(1.0 / think_s) if think_s else 0.0, lambda: product.answer(partition, answered))

    def answered() -> None:
        told.reviewed += 1
        began = clock.now

        def leased(partition: int) -> None:
            told.claims_s.append(clock.now - began)
            think(partition)

        product.claim(leased)

    think(clock.rng.randrange(product.layout.partitions))


def shard_reviews_per_s(costs: Costs, partitions: int) -> float:
    """Return how many reviews a second all shards can take, by the utilisation law: a shard is full where each review's questions
    and its share of claims and answers fill a second."""
    asks = QUESTIONS * costs.shard_ask if partitions > 1 else 0.0
    return 1.0 / (US * (asks + costs.shard_review / partitions))
