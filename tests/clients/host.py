"""Gateway and review application in a process of its own, over a real store, to be killed and started again.

    python -m tests.clients.host STORE_URL PORT FOLDER [CRASHPOINT N]

A key is its owner's name (tests/review_app). What a client was told survives, since the journal was appended before. With a
crash point the process dies when it passes there for the N-th time.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

import uvicorn
from redis.asyncio import Redis

from hitl import crashpoints
from hitl.adapters.ray.intake_follower import IntakeFollower
from hitl.adapters.valkey.approval_keys import ValkeyDataKeys
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.canonical import JsonObject
from hitl.errors import IdempotencyConflict
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryOneTime, MemorySessions
from hitl.machine.shard import Shard
from hitl.machine.shards import review_shards
from hitl.routing.prediction import Prediction, Scores, predict_from
from hitl.tasks import TaskSpec
from serve_app.api.app import review_app
from serve_app.api.services.chat_ports import Chat
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from serve_app.setup.outputs import OutputStore
from tests.chat.worlds import TERMS
from tests.clients.front_door import FrontDoor, gateway_of
from tests.review_app.conftest import PEOPLE, World
from tests.review_app.test_approvals import FIRST, deploy

KEY_ID = "a1b2c3d4e5f6"
"""Of the client's key in the store, for what is signed."""


async def serve(store_url: str, port: int, folder: str) -> None:
    client = connect(store_url)
    world = await stored_world(client, port, folder)
    await world.shards.start()
    await deploy(world, FIRST, 1)  # again after a restart: the same keys, and no effect
    gateway = gateway_of(world, client)
    await gateway.start()
    reviews = [world.shards.shards[name] for name in review_shards(len(world.intakes))]
    followers = [IntakeFollower(shard, intake).run() for shard, intake in zip(reviews, world.intakes, strict=True)]
    loops = [asyncio.create_task(each) for each in (*followers, _open_cases(world))]
    app = FrontDoor(gateway, review_app(world.ports))
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning")).serve()
    for each in loops:
        each.cancel()


async def stored_world(client: Redis, port: int, folder: str) -> World:
    """The world of tests/review_app, with its journals, cases and keys in the store."""
    world = World()
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
    return world


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
        with suppress(IdempotencyConflict):  # the follower of the intake came first
            await world.case(line.strip())


class _Death:
    """Kills the process at the n-th call."""

    def __init__(self, count: int) -> None:
        self._left = count

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    for point, count in zip(sys.argv[4::2], sys.argv[5::2], strict=True):
        crashpoints.ARMED[point] = _Death(int(count))
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
