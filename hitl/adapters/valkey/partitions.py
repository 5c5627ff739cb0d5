"""The number of intake partitions, fixed by the first start: with another one, cases would be looked for in the wrong place."""

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect_blocking, store_errors
from hitl.errors import InvalidConfig


def pin_partitions(url: str, partitions: int) -> None:
    """Remember ``partitions`` in the store at ``url``. Blocks for a round trip. Raises InvalidConfig when the store was made
    with another number, StoreUnavailable."""
    with store_errors(), connect_blocking(url) as client:
        client.set(names.identity_partitions(), partitions, nx=True)
        stored = client.get(names.identity_partitions())
    if int(stored or 0) != partitions:
        raise InvalidConfig("settings", "partitions", f"the store was made with {int(stored or 0)}, came {partitions}")
