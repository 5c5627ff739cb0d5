"""A store behind Sentinel: its primary is asked for by name, again with each new connection.

    redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME/0      rediss+sentinel:// with TLS, to the sentinels as well

Options are those of a store's URL; ``sentinel_username`` and ``sentinel_password`` are for the sentinels themselves.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio.connection import BlockingConnectionPool, parse_url
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.sentinel import Sentinel as BlockingSentinel

from hitl.errors import InvalidConfig

SENTINEL = "+sentinel://"
PORT = 26_379
SENTINELS: Any = Sentinel
BLOCKING_SENTINELS: Any = BlockingSentinel
"""redis declares no types for what makes one."""

OWN = {"sentinel_username": "username", "sentinel_password": "password"}


class WaitingPool(SentinelConnectionPool, BlockingConnectionPool):
    """Connections to the primary; who wants one more than the most waits for it."""


def primary(url: str, terms: dict[str, Any], waiting: dict[str, Any]) -> Any:
    """Return a client of the primary, bound to the event loop that uses it first; ``waiting`` is for its pool, where
    the URL says nothing else. Raises InvalidConfig."""
    hosts, name, own, options = _read(url)
    sentinels = SENTINELS(hosts, sentinel_kwargs=own | terms, **options, **terms)
    return sentinels.master_for(name, connection_pool_class=WaitingPool, **waiting | options)


def primary_blocking(url: str, terms: dict[str, Any]) -> Any:
    """As ``primary``, without an event loop."""
    hosts, name, own, options = _read(url)
    return BLOCKING_SENTINELS(hosts, sentinel_kwargs=own | terms, **options, **terms).master_for(name)


def _read(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any], dict[str, Any]]:
    """Return the sentinels, the primary's name, the options of the sentinels and those of the store."""
    parts = urlsplit(url.replace(SENTINEL, "://"))
    signed_in, _, listed = parts.netloc.rpartition("@")
    name, _, database = parts.path.strip("/").partition("/")
    if not name:
        raise InvalidConfig("settings", "redis_url", "a store behind Sentinel is named: redis+sentinel://host:26379/NAME/0")
    query = dict(parse_qsl(parts.query))
    own: dict[str, Any] = {OWN[each]: value for each, value in query.items() if each in OWN}
    rest = urlencode({each: value for each, value in query.items() if each not in OWN})
    options = dict(parse_url(f"{parts.scheme}://{signed_in}@{_first(listed)}/{database or 0}?{rest}"))
    for place in ("host", "port"):
        options.pop(place, None)
    if options.pop("connection_class", None) is not None:
        options["ssl"] = True
    own |= {each: value for each, value in options.items() if each.startswith("ssl")}
    return [_place(each) for each in listed.split(",")], unquote(name), own, options


def _first(listed: str) -> str:
    return listed.split(",")[0]


def _place(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    return parts.hostname or "", parts.port or PORT
