"""A Redis client that sends each command once; after a doubtful outcome the caller reads, and never sends again."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, cast

from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster as BlockingCluster
from redis.exceptions import RedisError
from redis.retry import Retry as BlockingRetry

from hitl.adapters.valkey.quick_connection import QuickScript, quick_pool
from hitl.adapters.valkey.sentinel import SENTINEL, primary, primary_blocking
from hitl.errors import StoreUnavailable

CONNECT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 5.0
"""Longer than any BLOCK that we ask for."""

CONNECTIONS = 32
"""Of one client. Who wants one more waits: a repeated batch looks up hundreds of cases at once, and as many handshakes of TLS
would take longer than a connection may."""
FREE_WITHIN_S = 5.0
"""As long as one answer is waited for. Behind a store that answers slowly the last of several hundred calls are refused."""
NODE_CONNECTIONS = 1000
"""To each node of a cluster, whose client refuses in place of waiting."""

CLOSED = "the handler is closed"
"""The end of what uvloop says of a connection that it has closed already."""

CLUSTER = "+cluster://"
"""In ``redis+cluster://`` and ``rediss+cluster://``: the store is a cluster, and any of its nodes is named."""


def connect(url: str, connections: int = CONNECTIONS) -> Redis:
    """Return a client of the store at ``url``; connects with its first command. Bound to the event loop that uses it first. Of
    more calls at once than ``connections`` the others wait, and raise StoreUnavailable after FREE_WITHIN_S. In a cluster none
    waits. ``max_connections`` in the URL goes before ``connections``.

    redis-py repeats a command ten times by default; an append whose answers were lost would then stand there ten times. In a
    cluster a node that says where a key is has done nothing yet: only that is sent again.
    """
    terms: dict[str, Any] = {"socket_connect_timeout": CONNECT_TIMEOUT_S, "socket_timeout": ANSWER_TIMEOUT_S}
    if CLUSTER in url:
        most = {"max_connections": NODE_CONNECTIONS}
        return cast(Redis, RedisCluster.from_url(_plain(url), retry=Retry(NoBackoff(), 0), **most, **terms))
    waiting = {"max_connections": connections, "timeout": FREE_WITHIN_S}
    if SENTINEL in url:
        return cast(Redis, primary(url, {"retry": Retry(NoBackoff(), 0), **terms}, waiting))
    return Redis.from_pool(quick_pool(url, retry=Retry(NoBackoff(), 0), **waiting, **terms))


def connect_blocking(url: str) -> BlockingRedis:
    """As ``connect``, without an event loop."""
    terms: dict[str, Any] = {"socket_connect_timeout": CONNECT_TIMEOUT_S, "socket_timeout": ANSWER_TIMEOUT_S}
    if CLUSTER in url:
        return cast(BlockingRedis, BlockingCluster.from_url(_plain(url), retry=BlockingRetry(NoBackoff(), 0), **terms))
    if SENTINEL in url:
        return cast(BlockingRedis, primary_blocking(url, {"retry": BlockingRetry(NoBackoff(), 0), **terms}))
    return BlockingRedis.from_url(url, retry=BlockingRetry(NoBackoff(), 0), **terms)


def _plain(url: str) -> str:
    return url.replace(CLUSTER, "://")


def script(client: Redis, name: str) -> QuickScript:
    """Return the Lua script ``lua/<name>.lua``, which the store runs as one step."""
    return QuickScript(client, files(__package__).joinpath("lua", f"{name}.lua").read_text())


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the client raises into StoreUnavailable; also uvloop's RuntimeError for a connection that ended a moment ago."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from error
    except RuntimeError as error:
        if CLOSED not in str(error):
            raise
        raise StoreUnavailable(CLOSED) from error
