"""The console over the review application in this very process: no Ray, no store, there in a second."""

import asyncio
import os
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import uvicorn
from redis.asyncio import Redis
from starlette.types import ASGIApp

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys, MemoryOneTime, MemorySessions
from hitl.tasks import TaskSpec
from serve_app.api.app import review_app
from serve_app.http.authentication import Authenticator
from serve_app.http.sessions import SignIn
from serve_app.setup.records import records_of
from tests.review_app.conftest import World
from tests.running import ACCOUNTS

Found = TypeVar("Found")


class Near(World):
    """``keys[account]`` of tests.running.ACCOUNTS; ``review`` are other terms for the reviews of digits."""

    def __init__(self, **review: Any) -> None:
        super().__init__()
        digits = self.tasks["digits"].model_dump()
        self.tasks["digits"] = TaskSpec.model_validate({**digits, "review": {**digits["review"], **review}})
        self.store = MemoryKeys()
        authenticator = Authenticator(self.store, time.monotonic, self.store, time.time)
        door = SignIn(authenticator, MemorySessions(), MemoryOneTime(time.monotonic))
        self.ports = replace(self.ports, authenticate=authenticator.authenticate, door=door, accounts=self.store)
        self.serve()
        self.keys: dict[str, str] = {}
        self.loop = asyncio.new_event_loop()
        self.port = 0

    def keep_records(self, client: Redis) -> None:
        """Serve the journals and the alerts too, from a store."""
        self.ports = replace(self.ports, stored=replace(records_of(client, 1, ""), journals=self.shards.journals))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def application(self) -> ASGIApp:
        """What answers at ``url``."""
        return review_app(self.ports)

    def do(self, work: Coroutine[Any, Any, Found]) -> Found:
        """What ``work`` gives, done in the service's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def cases(self, count: int, prefix: str = "case") -> list[str]:
        """Cases that wait for people."""
        return [self.do(self.case(f"{prefix}-{at}")) for at in range(count)]

    def add_admin(self, name: str = "root") -> None:
        """Give ``name`` an admin's key."""
        self.keys[name], record = issue(Principal(name, frozenset({Role.ADMIN})), time.time(), os.urandom)
        self.do(self.store.put(record))
        assert self.knows(self.keys[name])

    def knows(self, key: str) -> bool:
        """Whether the service takes the key before long: its table of keys may be a moment old, and is read anew."""
        for _ in range(100):
            if self.do(self.call("GET", "/v1/permissions", key)).status_code == 200:
                return True
            time.sleep(0.1)
        return False

    async def settle(self) -> None:
        for name, roles in ACCOUNTS.items():
            self.keys[name], record = issue(Principal(name, frozenset(roles)), time.time(), os.urandom)
            await self.store.put(record)
        await self.shards.start()


@contextmanager
def near(world: Near) -> Iterator[Near]:
    """``world`` on a free port of this machine, gone at the end."""
    server = uvicorn.Server(uvicorn.Config(world.application(), port=0, log_level="warning"))
    thread = threading.Thread(target=_serve, args=(world, server), daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.01)
        world.port = server.servers[0].sockets[0].getsockname()[1]
        yield world
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)


def _serve(world: Near, server: uvicorn.Server) -> None:
    asyncio.set_event_loop(world.loop)
    world.loop.run_until_complete(world.settle())
    world.loop.run_until_complete(server.serve())
    world.loop.run_until_complete(_end(world))


async def _end(world: Near) -> None:
    await world.http.aclose()
    await world.shards.stop()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for each in left:
        each.cancel()
    await asyncio.gather(*left, return_exceptions=True)
