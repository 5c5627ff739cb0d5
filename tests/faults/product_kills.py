"""Harms that end or stop one process of the running product."""

import signal
from collections.abc import Callable
from pathlib import Path

from tests.faults.product import Back, Product, is_gone, keep_dead, signal_to

SHARDS = ("review-0", "approval", "workflow", "learning", "access")

STORE_AWAY_S = 3.0

Harm = Callable[[Product], Back]


def kill_one(part: str) -> Harm:
    """kill -9 of one process of ``part``; back when the service is whole without it."""

    def harm(product: Product) -> Back:
        victim = product.one_of(part)
        signal_to(victim, signal.SIGKILL)
        return lambda: is_gone(victim) and product.is_whole()

    return harm


def stop_replica(product: Product) -> Back:
    """A replica that hangs and never wakes: its health check has to notice. Back when the others are whole without it, and
    it is gone."""
    victim = product.one_of(product.rng.choice(("gateway", "gateway", "review")))
    signal_to(victim, signal.SIGSTOP)
    return lambda: is_gone(victim) and product.is_whole()


def kill_for_good(product: Product) -> Back:
    """A shard's actor, ended so that Ray does not start it again: the keeper does."""
    before = set(product.pids("shard"))
    product.on_cluster("tests.faults.kill_shard", product.rng.choice(SHARDS))
    return lambda: set(product.pids("shard")) != before and product.is_whole()


def kill_proxy(product: Product) -> Back:
    """HAProxy itself, or the actor that looks after it."""
    victim = product.one_of(product.rng.choice(("haproxy", "proxy")))
    signal_to(victim, signal.SIGKILL)
    return lambda: is_gone(victim) and product.is_whole() and not orphans(product)


def orphans(product: Product) -> list[int]:
    """HAProxies that no living manager looks after: they would go on with an old list of replicas."""
    managers = set(product.pids("proxy"))
    return [pid for pid in product.pids("haproxy") if parent_of(pid) not in managers]


def kill_ray(product: Product) -> Back:
    """The head's own process, its store of names, or the node's daemon."""
    what = product.rng.choice(("ray", "gcs_server", "raylet"))
    before = product.part("ray")
    victim = before if what == "ray" else product.one_of(what)
    signal_to(victim, signal.SIGKILL)
    return lambda: product.part("ray") not in (0, before) and product.is_whole()


def kill_shard_without_store(product: Product) -> Back:
    """The actor comes back while there is no store to replay: it must live and wait, not die of it."""
    keep_dead(product, "valkey", STORE_AWAY_S)
    victim = product.one_of("shard")
    signal_to(victim, signal.SIGKILL)
    return lambda: is_gone(victim) and product.is_whole()


def kill_store(product: Product) -> Back:
    before = product.part("valkey")
    signal_to(before, signal.SIGKILL)
    return lambda: product.part("valkey") not in (0, before) and product.is_whole()


def parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
