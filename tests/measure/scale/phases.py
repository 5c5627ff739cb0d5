"""The loads of the measurement on one cluster, one after the other, and what each took of the processor."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from resource import RUSAGE_CHILDREN, getrusage
from statistics import mean, median
from typing import Any

import numpy as np
from redis import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.rows import seq_of
from tests.measure.model import trained
from tests.measure.picture_load.senders import Came, Plan, ended, start
from tests.measure.processes import taken_by_machine, taken_by_process, taken_until_now
from tests.measure.scale.nodes import PEOPLE, ScaleNodes
from tests.measure.scale.people import Shift, worked
from tests.measure.scale.roles import Window, costs_a_piece, seconds_by_role
from tests.running import deploy, images

QUEUE = "digits"
BODIES = 1000
CASES_PER_S, REVIEWS_PER_S = 40.0, 8.0
"""Of each node, by one sender and PACED reviewers: little enough that each case has a micro-batch of its own at any size, and
that four nodes leave room on two cores."""

PACED = 2
CLOSED, CLOSED_REVIEWERS = 64, 32
"""Connections of the loads that are as fast as the product lets them be, over all nodes."""

LATER_S = 5.0
"""What follows a load counts to it: figures are read and appends published a little later."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each phase, and how often those with a load come."""

    settle_s: float = 20.0
    idle_s: float = 20.0
    load_s: float = 15.0
    fast_s: float = 8.0
    waiting_s: float = 8.0
    rounds: int = 3


@dataclass(slots=True)
class Taken:
    """What was taken inside a phase; ``load_s`` seconds of the processor by the senders or reviewers, ``other_cores`` are those
    that everything else on the machine took."""

    window: Window = field(default_factory=lambda: Window({}, 1.0))
    load_s: float = 0.0
    other_cores: float = 0.0


def measured(nodes: ScaleNodes, times: Times) -> dict[str, Any]:
    """All phases on a fresh cluster: cases for people, a model, an idle while, then decisions and reviews at a pace, and as fast
    as they go."""
    bodies = [json.dumps({"features": features}) for features, _ in images(BODIES)]
    _send(nodes, bodies, times.waiting_s, None)
    deploy(nodes, trained(nodes))
    _send(nodes, bodies, LATER_S, CASES_PER_S)
    time.sleep(times.settle_s)
    with taken_by(nodes) as idle:
        time.sleep(times.idle_s)
    loads: dict[str, Callable[[], dict[str, Any]]] = {
        "decisions": lambda: _decisions(nodes, bodies, times.load_s, idle.window, CASES_PER_S),
        "reviews": lambda: _reviews(nodes, times.load_s, idle.window, PACED * len(nodes.urls), REVIEWS_PER_S),
        "fast_decisions": lambda: _decisions(nodes, bodies, times.fast_s, idle.window, None),
        "fast_reviews": lambda: _reviews(nodes, times.fast_s, idle.window, CLOSED_REVIEWERS, None),
    }
    rounds = {name: [load() for _ in range(times.rounds)] for name, load in loads.items()}
    return {
        "nodes": len(nodes.urls),
        "parts_by_node": nodes.parts_by_node(),
        "idle_core_percent": {role: round(100 * s / idle.window.lasted_s, 2) for role, s in idle.window.seconds.items()},
        "idle_other_cores": idle.other_cores,
        **{name: _middle(each) for name, each in rounds.items()},
        "rounds": rounds,
    }


def _decisions(nodes: ScaleNodes, bodies: list[str], seconds: float, idle: Window, per_s: float | None) -> dict[str, Any]:
    """One load: ``per_s`` cases a node, or as many as CLOSED connections get. Raises ValueError for other answers."""
    before = {partition: _last_case(nodes, partition) for partition in range(nodes.partitions)}
    with taken_by(nodes) as taken:
        came = _send(nodes, bodies, seconds, per_s)
        time.sleep(LATER_S)
    done = sum(each.taken for each in came)
    took = np.array([ms for each in came for ms in each.took_ms])
    for_people = sum(each.statuses["case 202"] for each in came)
    sizes = [size for partition, seq in before.items() for size in batch_sizes(_moments_after(nodes, partition, seq))]
    return {
        "cases_per_s": round(done / seconds, 1),
        "p50_ms": round(float(np.quantile(took, 0.5)), 2),
        "p99_ms": round(float(np.quantile(took, 0.99)), 2),
        "for_people": round(for_people / done, 4),
        "cases_a_batch": round(mean(sizes), 2),
        **_costs(taken, idle, done, seconds),
    }


def _costs(taken: Taken, idle: Window, done: int, seconds: float) -> dict[str, Any]:
    """``load_us`` is what a piece of work takes of whoever asks for it; ``other_cores`` is without them."""
    return {
        "other_cores": round(taken.other_cores - taken.load_s / taken.window.lasted_s, 3),
        "cores": round(sum(taken.window.seconds.values()) / seconds, 3),
        "load_us": round(taken.load_s / done * 1e6, 1),
        "us": costs_a_piece(idle, taken.window, done),
    }


def _send(nodes: ScaleNodes, bodies: list[str], seconds: float, per_s: float | None) -> list[Came]:
    """A process of senders for each node's proxy."""
    senders = CLOSED // len(nodes.urls) if per_s is None else 1
    every_s = 0.0 if per_s is None else 1.0 / per_s
    plans = [Plan(url, QUEUE, [nodes.keys["client"]], senders, seconds, bodies=bodies, every_s=every_s) for url in nodes.urls]
    came = [ended(process) for process in [start(plan) for plan in plans]]
    if wrong := [(one.refused, one.cut, one.other) for one in came if one.refused or one.cut or one.other]:
        raise ValueError(f"answers that should not be: {wrong}")
    return came


def _reviews(nodes: ScaleNodes, seconds: float, idle: Window, reviewers: int, per_s: float | None) -> dict[str, Any]:
    """Reviewers who claim and answer what waits. Raises ValueError where nothing waited for one of them."""
    people = [nodes.keys[name] for name in list(PEOPLE)[:reviewers]]
    every_s = 0.0 if per_s is None else reviewers / (per_s * len(nodes.urls))
    shift = Shift(list(nodes.urls), QUEUE, people, seconds, every_s)
    with taken_by(nodes) as taken:
        done = worked(shift)
        time.sleep(LATER_S)
    if done.empty:
        raise ValueError(f"{done.empty} claims found nothing after {done.answered} reviews: more cases must wait")
    return {
        "reviews_per_s": round(done.answered / seconds, 1),
        "claim_p50_ms": round(median(done.claim_ms or []), 2),
        "answer_p50_ms": round(median(done.answer_ms or []), 2),
        **_costs(taken, idle, done.answered, seconds),
    }


@contextmanager
def taken_by(nodes: ScaleNodes) -> Iterator[Taken]:
    """What is taken inside, by role; known once it is left."""
    found, before, machine, began = Taken(), taken_until_now(nodes), taken_by_machine(), time.monotonic()
    helpers = _ended_children_s()
    yield found
    found.load_s = _ended_children_s() - helpers
    after, all_s, lasted_s = taken_until_now(nodes), taken_by_machine() - machine, time.monotonic() - began
    seconds = seconds_by_role(taken_by_process(before, after).items(), nodes.actors())
    found.window = Window(seconds, lasted_s)
    found.other_cores = round((all_s - sum(seconds.values())) / lasted_s, 3)


def _ended_children_s() -> float:
    """Return the seconds of the processor of this process's children that ended."""
    taken = getrusage(RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def batch_sizes(moments: list[float]) -> list[int]:
    """Return how many cases each micro-batch held: those of one batch have one time, and stand beside each other."""
    sizes, last = list[int](), None
    for moment in moments:
        if moment == last:
            sizes[-1] += 1
        else:
            sizes.append(1)
        last = moment
    return sizes


def _moments_after(nodes: ScaleNodes, partition: int, seq: int) -> list[float]:
    with Redis.from_url(nodes.state.redis_url) as store:
        rows: Any = store.xrange(names.cases(partition), min=f"({seq}-0")
    return [json.loads(fields[b"b"])["at"] for _, fields in rows]


def _last_case(nodes: ScaleNodes, partition: int) -> int:
    with Redis.from_url(nodes.state.redis_url) as store:
        rows: Any = store.xrevrange(names.cases(partition), count=1)
    return seq_of(rows[0]) if rows else 0


def _middle(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of each figure over the rounds, and for ``us`` of each role."""
    figures = {name: round(median(each[name] for each in rounds), 4) for name in rounds[0] if name != "us"}
    return {**figures, "us": {role: round(median(each["us"][role] for each in rounds), 1) for role in rounds[0]["us"]}}
