"""Fix the number of intake partitions at the first start; a case is found by its partition's number."""

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
