"""The review application in a process of its own, over journals in a real store, to be killed and started again.

    python -m tests.clients.host STORE_URL PORT FOLDER

A key is its owner's name (tests/review_app). What a client was told survives, since the journal was appended before.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

import uvicorn

from hitl.adapters.valkey.approval_keys import ValkeyDataKeys
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.canonical import JsonObject
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryOneTime, MemorySessions
from hitl.machine.shard import Shard
from hitl.routing.prediction import Prediction, Scores, predict_from
from hitl.tasks import TaskSpec
from serve_app.api.app import review_app
from serve_app.api.services.chat_ports import Chat
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from serve_app.setup.outputs import OutputStore
from tests.chat.worlds import TERMS
from tests.review_app.conftest import PEOPLE, World
from tests.review_app.test_approvals import FIRST, deploy

KEY_ID = "a1b2c3d4e5f6"
"""Of the client's key in the store, for what is signed."""


async def serve(store_url: str, port: int, folder: str) -> None:
    world, client = World(), connect(store_url)
    shards = world.shards.shards
    for name, shard in shards.items():
        shards[name] = Shard(shard._machine, ValkeyJournal(client, name), name=name)
    world.intakes[:] = [ValkeyIntake(client, partition) for partition in range(len(world.intakes))]
    url, keys = f"http://127.0.0.1:{port}", ValkeyKeys(client)
    if not await keys.all():
        await keys.put(issue(Principal("client", frozenset({Role.CLIENT})), time.time(), token_bytes, KEY_ID, None)[1])
        for name, role in PEOPLE.items():
            await keys.put_account(Account(name, frozenset({role})))
    door = SignIn(Authenticator(keys, accounts=keys), MemorySessions(), MemoryOneTime(time.monotonic))
    signing = {"door": door, "accounts": keys, "approval_keys": ValkeyDataKeys(client)}
    world.ports = replace(world.ports, public_url=url, api_url=url, keep_output=OutputStore(folder), **signing)
    world.ports = replace(world.ports, predict=predict, chat=Chat(TERMS, partial(_tell_slack, Path(folder))))
    await world.shards.start()
    await deploy(world, FIRST, 1)  # again after a restart: the same keys, and no effect
    opening = asyncio.create_task(_open_cases(world))
    await uvicorn.Server(uvicorn.Config(review_app(world.ports), port=port, log_level="warning")).serve()
    opening.cancel()


async def predict(spec: TaskSpec, digest: str, vectors: Sequence[Any], measure: str) -> list[Prediction | None]:
    """A model that takes everything for a 0."""
    said = [0.91] + [0.01] * (len(spec.labels) - 1)
    return [predict_from(said, tuple(spec.labels), digest, Scores(0.91, 0.91, 0.001), measure) for _ in vectors]


async def _tell_slack(folder: Path, url: str, body: JsonObject) -> None:
    """As much of Slack as a response URL takes: a line for each answer."""
    with (folder / "slack.jsonl").open("a") as file:
        file.write(json.dumps(body) + "\n")


async def _open_cases(world: World) -> None:
    """A case for people for each line of the standard input."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        await world.case(line.strip())


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
