"""Row 27: people whose network is gone without a word: no end of their connections, no answer to a ping."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_blocking

from hitl.cli.local.haproxy import SILENT_S
from serve_app.api.services.context import LIVE_CONNECTIONS
from tests.faults.product import Back, Product
from tests.faults.product_sockets import open_interaction, socket_url, takes_more, withdraw
from tests.faults.proxy import StoreProxy

FREE_WITHIN_S = 45.0
"""Two rounds of uvicorn's pings, twenty seconds each: the replica has forgotten them, and their places are free."""

GONE_WITHIN_S = FREE_WITHIN_S + SILENT_S + 5.0
"""The proxy too: nothing passes any more."""

SHORT = 10
"""Letters of an interaction: its message stays in the buffers on the way, so that no send is what notices."""

LOCAL, REMOTE, INODE = 1, 2, 9
"""Columns of /proc/net/tcp."""


def half_open_sockets(product: Product) -> Back:
    """All sockets that ada may have, behind a network that swallows what comes. Back when she gets as many anew."""
    opened = asyncio.run(_half_open(product))

    def back() -> bool:
        if not (takes_more(product) and product.is_whole()):
            return False
        withdraw(product, {opened})
        return True

    return back


async def _half_open(product: Product) -> str:
    """Return the interaction that ben heard of meanwhile."""
    network = StoreProxy(urlsplit(product.url).port or 0)
    await network.start()
    async with AsyncExitStack() as open_sockets:
        open_sockets.push_async_callback(network.stop)
        for _ in range(LIVE_CONNECTIONS):
            await open_sockets.enter_async_context(_connection(product, network))
        assert not await asyncio.to_thread(takes_more, product), "she has more sockets than she may have"
        network.open_hole()
        hole_at = time.monotonic()
        heard = await asyncio.to_thread(_told_to_another, product)
        await _happens(lambda: takes_more(product), hole_at + FREE_WITHIN_S, "the places of half-open sockets are free")
        await _happens(lambda: not _held(network), hole_at + GONE_WITHIN_S, "the proxy holds no half-open socket")
        return heard


async def _happens(holds: Callable[[], bool], until: float, what: str) -> None:
    """``until`` is on time.monotonic's clock."""
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < until, f"not in time: {what}"
        await asyncio.sleep(0.25)


def _connection(product: Product, network: StoreProxy) -> connect:
    """A socket of ada's through ``network``. It sends no pings of its own: those would end it here."""
    url = socket_url(product, "ada").replace(urlsplit(product.url).netloc, f"127.0.0.1:{network.port}")
    bearer = {"Authorization": f"Bearer {product.service.keys['ada']}"}
    return connect(url, additional_headers=bearer, max_size=None, open_timeout=20, close_timeout=0.1, ping_interval=None)


def _told_to_another(product: Product) -> str:
    """Return the interaction that ben's socket told of, and ada's could not."""
    bearer = {"Authorization": f"Bearer {product.service.keys['ben']}"}
    with connect_blocking(socket_url(product, "ben"), additional_headers=bearer, max_size=None, open_timeout=20) as listening:
        json.loads(listening.recv(timeout=20))  # what is pending already
        opened, told = open_interaction(product, SHORT), ""
        while told != opened:
            message = json.loads(listening.recv(timeout=20))
            told = message["data"]["interaction_id"] if message["type"] == "new_interaction" else ""
    return opened


def _held(network: StoreProxy) -> int:
    """How many of the connections that came through ``network`` some process of the service still holds."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = [line for line in lines if _port(line[REMOTE]) in network.sources and _port(line[LOCAL]) == network.store_port]
    return sum(line[INODE] != "0" for line in ours)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
