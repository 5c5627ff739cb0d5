"""The measured costs that the simulation is fed with, and how they come from the report of ``tests.measure.scale``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from tests.measure.scale.roles import GATEWAY, INGRESS, KEEPER, OTHER_SHARDS, PROXY, RAY, ROLES, SHARD, STORE

DEFAULT = Path(__file__).with_name("measured_costs.yaml")
"""A copy of what one run measured, so that the simulation runs without a measurement."""

US = 1e-6

QUESTIONS = 1
"""That a claim asks of every shard where there are several: whether it was made before, and what waits."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Microseconds of the processor. ``_case``: of each case, ``_review``: of a claim and its answer together. ``load_case`` is
    the senders' own. ``fsync`` is a wait, not work."""

    proxy_case: float
    gateway_case: float
    gateway_batch: float
    store_case: float
    store_batch: float
    fsync: float
    shard_case: float
    keeper_case: float
    keeper_review: float
    ray_case: float
    load_case: float
    proxy_review: float
    ingress_review: float
    shard_review: float
    shard_ask: float
    """One question to one shard, there; ``ingress_ask`` at who asks."""
    ingress_ask: float
    store_review: float
    for_people: float
    """Share of the cases that open a review."""
    fixed_node: float
    """Share of a core that a node takes whatever comes: what Ray and idle parts take, and what does not grow with the load."""
    fixed_keeper: float
    """Share of a core that the keeper takes while cases come."""


def load_costs(file: Path = DEFAULT) -> Costs:
    """Raises TypeError where the file has other names, ValueError for a figure that is no number of zero or more."""
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["costs"]
    costs = Costs(**{name: float(value) for name, value in found.items()})
    if wrong := [each.name for each in fields(costs) if not getattr(costs, each.name) >= 0.0]:
        raise ValueError(f"{file}: {wrong} must be zero or more")
    return costs


@dataclass(frozen=True, slots=True)
class Line:
    """What a role takes at a rate: ``fixed`` cores and ``each`` microseconds a piece."""

    fixed: float
    each: float


def line_through(slow: tuple[float, float], fast: tuple[float, float]) -> Line:
    """Return the line through two points, each a rate (pieces a second) and microseconds a piece. A role that takes less in all
    at the faster rate is measured too coarsely: it has no part that grows."""
    (slow_rate, slow_us), (fast_rate, fast_us) = slow, fast
    if fast_rate <= slow_rate:
        raise ValueError(f"the fast load must be faster: {fast_rate} after {slow_rate} a second")
    each = max(0.0, (fast_rate * fast_us - slow_rate * slow_us) / (fast_rate - slow_rate))
    return Line(max(0.0, slow_rate * (slow_us - each) * US), each)


def costs_of(report: Mapping[str, Any]) -> Costs:
    """Return the costs that this report of ``tests.measure.scale`` bears out: those of one node, and of a question to every
    shard from how a review's cost grows with the shards."""
    one, store = report["clusters"]["1"], report["store"]
    lines = {role: _line(one, "decisions", "cases_per_s", role) for role in ROLES}
    reviews = {role: _line(one, "reviews", "reviews_per_s", role) for role in ROLES}
    fast = one["fast_decisions"]
    batch = _gateway_batch(one)
    of_batches = store["append_batch_us"] / fast["cases_a_batch"]
    idle = sum(one["idle_core_percent"].values()) / 100.0
    grows_not = sum(lines[role].fixed for role in (STORE, SHARD, OTHER_SHARDS, RAY))
    return Costs(
        proxy_case=lines[PROXY].each,
        gateway_case=round(fast["us"][GATEWAY] - batch / fast["cases_a_batch"], 1),
        gateway_batch=round(batch, 1),
        store_case=round(max(0.0, lines[STORE].each - of_batches), 1),
        store_batch=store["append_batch_us"],
        fsync=store["fsync_us"],
        shard_case=round(lines[SHARD].each, 1),
        keeper_case=round(lines[KEEPER].each, 1),
        keeper_review=round(reviews[KEEPER].each, 1),
        ray_case=round(lines[RAY].each + lines[OTHER_SHARDS].each + lines[INGRESS].each, 1),
        load_case=fast["load_us"],
        proxy_review=round(reviews[PROXY].each, 1),
        ingress_review=round(reviews[INGRESS].each, 1),
        shard_review=round(reviews[SHARD].each, 1),
        shard_ask=round(_ask(report["clusters"], SHARD), 1),
        ingress_ask=round(_ask(report["clusters"], INGRESS), 1),
        store_review=round(reviews[STORE].each, 1),
        for_people=fast["for_people"],
        fixed_node=round(idle + grows_not, 4),
        fixed_keeper=round(lines[KEEPER].fixed, 4),
    )


def _line(cluster: Mapping[str, Any], work: str, rate: str, role: str) -> Line:
    slow, fast = cluster[work], cluster[f"fast_{work}"]
    return line_through((slow[rate], slow["us"][role]), (fast[rate], fast["us"][role]))


def _gateway_batch(cluster: Mapping[str, Any]) -> float:
    """Return the microseconds of a gateway's micro-batch: what a case costs less where more of them share one."""
    slow, fast = cluster["decisions"], cluster["fast_decisions"]
    fewer = 1.0 / slow["cases_a_batch"] - 1.0 / fast["cases_a_batch"]
    if fewer <= 0.0:
        raise ValueError("the fast load must have larger micro-batches")
    batch: float = (slow["us"][GATEWAY] - fast["us"][GATEWAY]) / fewer
    return max(0.0, batch)


def _ask(clusters: Mapping[str, Any], role: str) -> float:
    """Return the microseconds that a role takes for one question to one shard. One shard alone is asked nothing; with more, a
    claim asks each of them, so that ``QUESTIONS * shards * ask`` come to a review. Raises ValueError with one size."""
    by_size = {int(size): row["fast_reviews"]["us"][role] for size, row in clusters.items()}
    most = max(by_size)
    if most == 1:
        raise ValueError("a question to every shard shows only where there is more than one: measure more nodes")
    ask: float = (by_size[most] - by_size[1]) / (QUESTIONS * most)
    return max(0.0, ask)
