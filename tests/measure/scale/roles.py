"""Whose processor time is whose: the roles of the product's processes, and what a piece of work takes of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.measure.idle import is_rays
from tests.measure.processes import Taken

GATEWAY, PROXY, STORE, SHARD, OTHER_SHARDS = "gateway", "proxy", "store", "review shards", "other shards"
INGRESS, KEEPER, RAY, OTHERS = "review ingress", "keeper", "Ray's own", "others"
ROLES = (GATEWAY, PROXY, STORE, SHARD, INGRESS, KEEPER, OTHER_SHARDS, RAY, OTHERS)

PROCESSES = {
    "ray::ServeReplica:gateway:Gateway": GATEWAY,
    "ray::ServeReplica:review:Review": INGRESS,
    "ray::ServeReplica:review:Keeper": KEEPER,
    "proxy": PROXY,
    "store": STORE,
}
"""By the kind of the process; HAProxy counts as the product's proxy, though Ray starts it."""

REVIEW_SHARD = "review-"
"""How the names of the review shards' actors begin."""

DRIVER = "tests.cluster.nodes_process"
"""Starts the nodes and deploys; then it waits. It holds Ray's driver."""

SAME_WITHIN = 0.15
"""How far from the figure of one node another may be and still count as the same."""


@dataclass(frozen=True, slots=True)
class Window:
    """Seconds of the processor by role, taken in ``lasted_s`` of the clock."""

    seconds: Mapping[str, float]
    lasted_s: float


def role_of(kind: str, actor: str = "") -> str:
    """Return the role of a process of this kind in which ``actor`` lives, '' where none does."""
    if kind == "ray::ShardActor":
        return SHARD if actor.startswith(REVIEW_SHARD) else OTHER_SHARDS
    if kind in PROCESSES:
        return PROCESSES[kind]
    return RAY if is_rays(kind) or kind == DRIVER else OTHERS


def seconds_by_role(taken: Iterable[tuple[tuple[str, str], Taken]], actors: Mapping[int, str]) -> dict[str, float]:
    """Return the seconds of each role. ``taken`` are processes by pid and start, ``actors`` the names of actors by pid."""
    found = dict.fromkeys(ROLES, 0.0)
    for (pid, _), process in taken:
        found[role_of(process.kind, actors.get(int(pid), ""))] += process.seconds
    return found


def costs_a_piece(idle: Window, load: Window, pieces: int) -> dict[str, float]:
    """Return microseconds of the processor a piece of work by role. What the roles take without work, in as long a time, is
    taken off; a role that took less than that has a negative figure, which shows how far the figures can be trusted."""
    if pieces < 1:
        raise ValueError("no piece of work was done")
    longer = load.lasted_s / idle.lasted_s
    return {role: round((load.seconds[role] - idle.seconds[role] * longer) / pieces * 1e6, 1) for role in load.seconds}


def agreement(costs: Mapping[int, Mapping[str, float]], total_share: float = 0.02) -> list[dict[str, object]]:
    """Compare each role's figures by number of nodes with those of the smallest cluster: the largest difference as a share of
    it, and whether it is within SAME_WITHIN. Roles below ``total_share`` of a piece's whole cost are named as ``too small``."""
    first = costs[min(costs)]
    whole, rows = sum(first.values()), []
    for role in first:
        base = first[role]
        is_small = max(abs(each[role]) for each in costs.values()) < total_share * whole
        furthest = max((each[role] / base - 1.0 for each in costs.values()), key=abs) if base > 0 else float("inf")
        is_same = "too small" if is_small else "yes" if abs(furthest) <= SAME_WITHIN else "no"
        by_nodes = {f"{nodes} nodes": each[role] for nodes, each in costs.items()}
        rows.append({"role": role, **by_nodes, "furthest": round(furthest, 3), "same": is_same})
    return rows
