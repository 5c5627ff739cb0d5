"""A shard over a real store that is killed in the middle of traffic."""

import asyncio
from pathlib import Path

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import Unavailable
from hitl.journal.verify import verify
from hitl.machine import Shard
from tests.fakes.counter import Add, Total, envelope
from tests.machine.running import running
from tests.valkey_process import ValkeyProcess

CLIENTS, COMMANDS = 8, 60


async def test_a_killed_store_loses_no_command_and_repeats_none(tmp_path: Path) -> None:
    store = ValkeyProcess(tmp_path)
    store.start()
    client = connect(store.url)
    try:
        journal = ValkeyJournal(client, "s")
        async with running(journal) as shard:
            clients = [asyncio.create_task(_client(shard, str(i))) for i in range(CLIENTS)]
            for _ in range(2):
                await asyncio.sleep(0.1)
                store.kill()
                store.start()
            await asyncio.gather(*clients)
            assert (await shard.ask(Total()))["total"] == CLIENTS * COMMANDS
            await client.connection_pool.disconnect(inuse_connections=False)  # what is left of connections to the killed store
            assert await verify("s", journal) == (CLIENTS * COMMANDS, shard.head)
    finally:
        await client.aclose()
        store.kill()


async def _client(shard: Shard, name: str) -> None:
    for i in range(COMMANDS):
        while True:
            try:
                await shard.submit(envelope(Add(1), f"{name}-{i}"))
                break
            except Unavailable:
                await asyncio.sleep(0.01)
