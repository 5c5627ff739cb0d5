"""The review application in a process of its own, over journals in a real store, to be killed and started again.

    python -m tests.clients.host STORE_URL PORT FOLDER

A key is its owner's name (tests/review_app). What a client was told survives, since the journal was appended before.
"""

import asyncio
import sys
import time
from dataclasses import replace
from secrets import token_bytes

import uvicorn

from hitl.adapters.valkey.approval_keys import ValkeyDataKeys
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryOneTime, MemorySessions
from hitl.machine.shard import Shard
from serve_app.api.app import review_app
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from serve_app.setup.outputs import OutputStore
from tests.review_app.conftest import World

KEY_ID = "a1b2c3d4e5f6"
"""Of the client's key in the store, for what is signed."""


async def serve(store_url: str, port: int, folder: str) -> None:
    world, client = World(), connect(store_url)
    shards = world.shards.shards
    for name, shard in shards.items():
        shards[name] = Shard(shard._machine, ValkeyJournal(client, name), name=name)
    url, keys = f"http://127.0.0.1:{port}", ValkeyKeys(client)
    if not await keys.all():
        await keys.put(issue(Principal("client", frozenset({Role.CLIENT})), time.time(), token_bytes, KEY_ID, None)[1])
    door = SignIn(Authenticator(keys), MemorySessions(), MemoryOneTime(time.monotonic))
    signing = {"door": door, "accounts": keys, "approval_keys": ValkeyDataKeys(client)}
    world.ports = replace(world.ports, public_url=url, api_url=url, keep_output=OutputStore(folder), **signing)
    await world.shards.start()
    opening = asyncio.create_task(_open_cases(world))
    await uvicorn.Server(uvicorn.Config(review_app(world.ports), port=port, log_level="warning")).serve()
    opening.cancel()


async def _open_cases(world: World) -> None:
    """A case for people for each line of the standard input."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        await world.case(line.strip())


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
