"""Look at a store before anything is entrusted to it: does it keep what it acknowledges, and whose is it?"""

from collections.abc import Iterable
from typing import Any

import structlog
from redis import Redis
from redis.cluster import RedisCluster
from redis.exceptions import ResponseError

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect_blocking, store_errors
from hitl.adapters.valkey.sentinel import SENTINEL
from hitl.errors import InvalidConfig

OLDEST = (7, 0)
"""Of the Redis protocol's versions, which Valkey counts on from 7.2: earlier ones were never tried."""

SAFE = {"aof_enabled": 1, "maxmemory_policy": "noeviction"}
"""What ``INFO`` must tell of each node."""

WHAT_TO_DO = {
    "aof_enabled": "it writes no append-only file, so a restart loses everything: set appendonly yes",
    "maxmemory_policy": "it evicts what it acknowledged when its memory is full: set maxmemory-policy noeviction",
}
SYNC = "it writes to the disk only later, so a power cut loses what it acknowledged: set appendfsync always"

FAILOVER = (
    "Sentinel puts a replica in the place of its primary, and the replica may lack what was acknowledged last: "
    "set min-replicas-to-write 1, which bounds it, and keep the archive, whose anchors tell of it"
)

logger = structlog.get_logger()


def check_store(url: str, refuse: bool) -> list[str]:
    """Return what is wrong with the store at ``url``, also in the log. Raises InvalidConfig instead if ``refuse``,
    StoreUnavailable."""
    with store_errors(), connect_blocking(url) as client:
        broken = broken_promises(client) + ([FAILOVER] if SENTINEL in url else [])
    if broken and refuse:
        why = f"the store cannot keep the promises: {'; '.join(broken)}. HITL_STORE_PROMISES=report starts on it nevertheless"
        raise InvalidConfig("settings", "redis_url", why)
    for each in broken:
        logger.warning("store_cannot_keep_promises", why=each)
    return broken


def broken_promises(client: Redis) -> list[str]:
    """Return what the store would lose of what it acknowledged, in words; empty for a store that keeps all of it. A store whose
    owner lets nobody read its configuration is judged by the rest."""
    found = [why for node in _nodes(client) for why in _broken(node)]
    return list(dict.fromkeys([*found, *_unsynced(client)]))


def pin_installation(url: str, installation: str) -> None:
    """Remember whose the store at ``url`` is. Raises InvalidConfig when it is another's, StoreUnavailable."""
    with store_errors(), connect_blocking(url) as client:
        client.set(names.identity_installation(), installation, nx=True)
        owner = _text(client.get(names.identity_installation()))
    if owner != installation:
        why = f"the store belongs to the installation {owner!r}, and this one is {installation!r}: give each a store of its own"
        raise InvalidConfig("settings", "installation", why)


def _nodes(client: Redis) -> list[dict[str, Any]]:
    """Return what each node tells of itself; a cluster answers by node."""
    sections: list[Any] = [client.info(section) for section in ("server", "memory", "persistence")]
    if "redis_version" in sections[0]:
        return [{name: value for section in sections for name, value in section.items()}]
    return [{name: value for section in sections for name, value in section[node].items()} for node in sections[0]]


def _broken(node: dict[str, Any]) -> Iterable[str]:
    version = tuple(int(part) for part in str(node["redis_version"]).split(".")[:2])
    if version < OLDEST:
        yield f"its version is {node['redis_version']}: take one from {'.'.join(map(str, OLDEST))} on"
    yield from (WHAT_TO_DO[name] for name, value in SAFE.items() if name in node and node[name] != value)


def _unsynced(client: Redis) -> list[str]:
    node_or_cluster: Any = client  # redis declares no types for a command of all nodes
    everywhere: dict[str, Any] = {"target_nodes": RedisCluster.PRIMARIES} if isinstance(client, RedisCluster) else {}
    try:
        told: Any = node_or_cluster.execute_command("CONFIG GET", "appendfsync", **everywhere)
    except ResponseError as error:  # the node refuses to tell; one that is away raises
        logger.info("store_shows_no_configuration", why=str(error))
        return []
    nodes = told.values() if everywhere and "appendfsync" not in told else [told]
    return [SYNC] if any(node.get("appendfsync", "always") != "always" for node in nodes) else []


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
