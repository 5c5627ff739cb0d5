"""Count requests in the store, by the sliding window of the ``limits`` library."""

import time

from limits import RateLimitItem
from limits.aio.storage import RedisClusterStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from hitl.adapters.valkey.client import CLUSTER, store_errors

PREFIX = "hitl:{limits}"


class ValkeyCounting:
    """A serve_app.http.limits.Counting over the store at ``url``, with a connection of its own."""

    def __init__(self, url: str) -> None:
        kind = RedisClusterStorage if CLUSTER in url else RedisStorage
        storage = kind(f"async+{url}", implementation="redispy", key_prefix=PREFIX)
        self._strategy = SlidingWindowCounterRateLimiter(storage)

    async def hit(self, item: RateLimitItem, account: str, cost: int = 1) -> float | None:
        with store_errors():
            if await self._strategy.hit(item, account, cost=cost):
                return None
            window = await self._strategy.get_window_stats(item, account)
        return max(0.0, window.reset_time - time.time())
