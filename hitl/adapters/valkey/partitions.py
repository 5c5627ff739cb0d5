"""The number of intake partitions, fixed by the first start: with another one, cases would be looked for in the wrong place."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import ANSWER_TIMEOUT_S, CONNECT_TIMEOUT_S, store_errors
from hitl.errors import InvalidConfig


def pin_partitions(url: str, partitions: int) -> None:
    """Remember ``partitions`` in the store at ``url``. Blocks for a round trip. Raises InvalidConfig when the store was made
    with another number, StoreUnavailable."""
    once = Retry(NoBackoff(), 0)
    with (
        Redis.from_url(url, retry=once, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=ANSWER_TIMEOUT_S) as client,
        store_errors(),
    ):
        client.set(names.identity_partitions(), partitions, nx=True)
        stored = client.get(names.identity_partitions())
    if int(stored or 0) != partitions:
        raise InvalidConfig("settings", "partitions", f"the store was made with {int(stored or 0)}, came {partitions}")
