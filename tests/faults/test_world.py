"""The harness of the faults itself."""

import asyncio
import json
from pathlib import Path

from tests.faults.world import World
from tests.outbox.receiver import receiving

LONG = "x" * (17 << 20)


async def test_an_answer_may_be_as_long_as_a_state_is(tmp_path: Path) -> None:
    async with receiving() as receiver, await asyncio.start_server(_answers_at_length, "127.0.0.1", 0) as node:
        world = World(tmp_path, receiver)
        world.port = node.sockets[0].getsockname()[1]
        assert await world.ask("plain", shard="review-0") == {"ok": LONG}


async def _answers_at_length(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(json.dumps({"ok": LONG}).encode() + b"\n")
    await writer.drain()
    writer.close()
