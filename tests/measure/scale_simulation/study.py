"""What the simulation is asked: how many decisions so many machines make, what stops them, and what people may do."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from tests.measure.scale_simulation.costs import US, Costs
from tests.measure.scale_simulation.runs import Load, Shown, shard_reviews_per_s, simulated
from tests.measure.scale_simulation.world import MAX_ROWS, Layout

MACHINES = (1, 2, 4, 8, 16)
CORES = 4
P99_MS = 100.0
"""An answer in a hundred may take longer."""

REVIEWERS, THINK_S = 6000, 36.0
"""A hundred cases an hour each."""

REVIEWERS_BESIDE = 600
"""Beside the cases of the curve: few enough for any number of shards, so that the curve is that of decisions."""

TARGET_PER_S = 10_000.0
CASES, SHORTEST_S, LONGEST_S = 8_000, 0.5, 4.0
"""A run after its warm-up has about so many cases, within these seconds: enough for the slowest hundredth."""

STEPS = 5
"""Runs for each point: the rate is found to a sixteenth of the bound."""

WAYS: Mapping[str, str] = {
    "one store": "one Valkey for all partitions, and the keeper",
    "a store for each partition": "Valkey Cluster with a primary for each partition, and the keeper",
    "without the keeper": "the same, where certificates and canaries may fall behind",
}


def layout_of(way: str, machines: int) -> Layout:
    """Three gateways on each machine of four cores, and a partition for each."""
    stores = 1 if way == "one store" else machines
    plain = Layout(machines, CORES, gateways=CORES - 1, partitions=machines, stores=stores)
    return replace(plain, has_keeper=way != "without the keeper")


def curve(costs: Costs, machines: tuple[int, ...] = MACHINES) -> Iterator[dict[str, Any]]:
    """The largest rate that each number of machines keeps up with, and the role that is full first, for each way."""
    for way in WAYS:
        for number in machines:
            layout = layout_of(way, number)
            rate, shown = most(layout, costs)
            able = capacities(layout, costs)
            first = min(able, key=lambda role: able[role])
            row = {"way": way, "machines": number, "offered_per_s": round(rate), "bound_per_s": round(able[first])}
            yield {**row, "first_full": first, **asdict(shown)}


def most(layout: Layout, costs: Costs, p99_ms: float = P99_MS) -> tuple[float, Shown]:
    """Return the largest rate of cases that the layout keeps up with, people at work beside it, and what its run showed. Raises
    ValueError where it keeps up with none."""
    low, high, best = 0.0, bound(layout, costs), None
    for step in range(STEPS):
        rate = high if not step else (low + high) / 2.0
        shown = simulated(layout, costs, _load(rate, REVIEWERS_BESIDE))
        if shown.keeps_up(p99_ms):
            low, best = rate, shown
            if not step:
                break
        else:
            high = rate
    if best is None:
        raise ValueError(f"{layout} keeps up with no rate down to {high:.0f} a second")
    return low, best


def _load(rate: float, reviewers: int) -> Load:
    """People beside so many cases a second."""
    return Load(rate, reviewers=reviewers, think_s=THINK_S, seconds=min(max(CASES / rate, SHORTEST_S), LONGEST_S))


def bound(layout: Layout, costs: Costs) -> float:
    """Return the rate at which the first role is full: the utilisation law, which no queue beats."""
    return min(capacities(layout, costs).values())


def capacities(layout: Layout, costs: Costs) -> dict[str, float]:
    """Return decisions a second by role, each alone: its processes over what a decision takes of one, with the largest
    micro-batches and an fsync for very many of them."""
    gateway = costs.gateway_case + costs.gateway_batch / MAX_ROWS
    store = costs.store_case + costs.store_batch / MAX_ROWS
    on_machines = (
        costs.proxy_case + costs.ray_case + gateway + costs.shard_case + (costs.keeper_case if layout.has_keeper else 0.0)
    )
    cores = layout.machines * (layout.cores - costs.fixed_node)
    found = {
        "gateway": layout.machines * layout.gateways / gateway,
        "store": layout.stores / store,
        "review shard": layout.partitions / costs.shard_case,
        "cores": cores / on_machines,
    }
    if layout.has_keeper:
        found["keeper"] = 1.0 / costs.keeper_case
    return {role: each / US for role, each in found.items()}


def at_target(costs: Costs, machines: int) -> list[dict[str, Any]]:
    """What TARGET_PER_S and all reviewers make of this many machines, for each way."""
    shown = {way: simulated(layout_of(way, machines), costs, _load(TARGET_PER_S, REVIEWERS)) for way in WAYS}
    return [
        {
            "way": way,
            "machines": machines,
            "keeps_up": each.keeps_up(P99_MS),
            "decisions_per_s": each.decisions_per_s,
            "p99_ms": each.p99_ms,
            "keeper_behind_s": each.behind_s,
            "reviews_per_s": each.reviews_per_s,
            "claim_p99_ms": each.claim_p99_ms,
            **{f"busy {role}": busy for role, busy in each.busy.items()},
        }
        for way, each in shown.items()
    ]


def shards(costs: Costs, partitions: tuple[int, ...] = (1, 2, 4, 8, 16, 64)) -> list[dict[str, Any]]:
    """Reviews a second that the shards can take together, and the people of 100 cases an hour that these are."""
    rows = [(number, shard_reviews_per_s(costs, number)) for number in partitions]
    return [{"partitions": n, "reviews_per_s": round(each, 1), "reviewers": round(each * THINK_S)} for n, each in rows]


def validation(costs: Costs, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The closed load of the measurement, simulated on its cores with all of it beside each other, and how far it is off. Other
    work of the machine takes what product and senders left. The costs are those of one node: more nodes are predictions."""
    rows = []
    for nodes, cluster in sorted((int(size), row) for size, row in report["clusters"].items()):
        measured = cluster["fast_decisions"]
        here, cores = replace(costs, fixed_node=costs.fixed_node * nodes), int(report["machine"]["cpus"])
        ours = measured["cores"] + measured["load_us"] * US * measured["cases_per_s"]
        layout = Layout(1, cores, nodes, nodes, is_store_beside=True, other_cores=max(0.0, cores - ours))
        shown = simulated(layout, here, Load(connections=64, senders=nodes, seconds=6.0))
        off = shown.decisions_per_s / measured["cases_per_s"] - 1.0
        rows.append(
            {
                "nodes": nodes,
                "measured_per_s": measured["cases_per_s"],
                "simulated_per_s": shown.decisions_per_s,
                "deviation": round(off, 3),
                "measured_p50_ms": measured["p50_ms"],
                "simulated_p50_ms": shown.p50_ms,
                "measured_p99_ms": measured["p99_ms"],
                "simulated_p99_ms": shown.p99_ms,
            }
        )
    return rows
