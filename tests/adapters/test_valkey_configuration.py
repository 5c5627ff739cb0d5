"""What the store remembers of the installation, and what it hides when somebody wrote nonsense."""

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import StoreUnavailable
from hitl.intake.ports import Pointer


def test_a_store_that_is_away_stops_the_start() -> None:
    with pytest.raises(StoreUnavailable):
        pin_partitions("redis://127.0.0.1:1/0", 1)


async def test_a_malformed_pointer_hides_its_own_task_alone(valkey: Redis) -> None:
    serving = ValkeyServing(valkey, 1)
    await serving.publish("digits", Pointer(1, (("d", 1.0),), 7))
    await valkey.hset(names.serving(0), "other", "nonsense")
    assert await serving.current() == {"digits": Pointer(1, (("d", 1.0),), 7)}
