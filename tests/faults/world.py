"""A store, a network before it, a receiver of webhooks and the node that is killed: all of it in one folder, without Ray."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.identity import Role
from hitl.identity.accounts import Account
from tests.faults.armed import HIT
from tests.faults.node import live
from tests.faults.proxy import StoreProxy
from tests.outbox.receiver import Receiver, receiving
from tests.valkey_process import ValkeyProcess

STARTS_WITHIN_S = 120.0
ANSWERS_WITHIN_S = 10.0
APPROVERS = ("ann", "bob", "cid")
SMALL_QUESTIONS: dict[str, dict[str, Any]] = {
    "review-0": {"name": "QueueStats", "fields": {}},
    "approval": {"name": "Approvals", "fields": {"limit": 1}},
}
"""What a shard that serves answers in a moment, however much it holds."""

NODES = multiprocessing.get_context("forkserver")
"""Its server imports the product once and each node is a fork of it: a start takes no seconds of imports."""

NODES.set_forkserver_preload(["tests.faults.node"])


class World:
    """``node`` is the process that clients talk to; ``hits`` counts the crash points that were passed; ``harmed_at`` is when
    (monotonic) something was last killed or given back: recoveries are measured from there; ``age`` counts the faults that
    this node has seen."""

    def __init__(self, folder: Path, receiver: Receiver, store: str = "") -> None:
        self.folder, self.archive, self.receiver, self.is_closed = folder, folder / "archive", receiver, False
        (folder / "store").mkdir()
        self.store = ValkeyProcess(folder / "store", store)
        self.proxy = StoreProxy(self.store.port)
        self.node: Any = None
        self.port, self.hits, self.change, self.harmed_at, self.age = 0, 0, "", 0.0, 0
        self.old: list[Any] = []
        self._line: Any = None

    async def start_store(self) -> None:
        self.harmed_at = time.monotonic()
        await asyncio.to_thread(self.store.start)

    async def kill_store(self) -> None:
        self.harmed_at = time.monotonic()
        await asyncio.to_thread(self.store.kill)

    async def start_node(self, change: str | None = None) -> None:
        """Another node; clients go to it. Without ``change`` it is changed as the first one was."""
        here, there = NODES.Pipe()
        node = NODES.Process(
            target=live,
            args=(self.proxy.url, self.receiver.url + "/hook", self.folder, self.change if change is None else change, there),
            daemon=True,
        )
        await asyncio.to_thread(node.start)
        there.close()
        assert await asyncio.to_thread(here.poll, STARTS_WITHIN_S), "the node did not start"
        self.port = int(here.recv_bytes())
        self.node, self._line, self.age = node, here, 0

    async def may(self, person: str, *roles: Role) -> None:
        """From now on ``person`` has these roles and no other."""
        client = connect(self.store.url)
        try:
            await ValkeyKeys(client).put_account(Account(person, frozenset(roles)))
        finally:
            await client.aclose()

    async def kill_node(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self.node is not None
        self.harmed_at = time.monotonic()
        self.send(self.node, how)
        await self.gone()

    async def gone(self) -> int:
        """The exit status of the node, once it has ended; crash points that it passed are counted."""
        assert self.node is not None
        await asyncio.to_thread(self.node.join, STARTS_WITHIN_S)
        self.listen()
        assert self.node.exitcode is not None, "the node did not end"
        self.harmed_at = time.monotonic()
        return int(self.node.exitcode)

    def listen(self) -> int:
        """How many crash points were passed so far."""
        with contextlib.suppress(EOFError):
            while self._line.poll():
                self.hits += self._line.recv_bytes() == HIT
        return self.hits

    def send(self, node: Any, how: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(node.pid, how)

    def leave_node(self) -> Any:
        """The node, which lives on while another takes its place."""
        assert self.node is not None
        self.old.append(self.node)
        return self.node

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """The node's answer. Raises OSError, TimeoutError, EOFError: then nobody knows what happened."""
        if self.is_closed:
            raise ConnectionRefusedError("nobody is let in")
        return await self.reach(op, **fields)

    async def reach(self, op: str, within_s: float = ANSWERS_WITHIN_S, **fields: Any) -> dict[str, Any]:
        """``ask``, also while nobody else ``is_closed`` out. Its connection ends with the answer, which may be long."""
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(json.dumps({"op": op, **fields}).encode() + b"\n")
                writer.write_eof()
                line = await reader.read()
            finally:
                writer.close()
        if not line.endswith(b"\n"):
            raise EOFError("the node has gone")
        found: dict[str, Any] = json.loads(line)
        return found

    async def serves(self, within_s: float = 180.0) -> None:
        """Return once both shards answer."""
        async with asyncio.timeout(within_s):
            while True:
                with contextlib.suppress(OSError, TimeoutError, EOFError):
                    if all(
                        ["ok" in await self.ask("question", shard=shard, **asked) for shard, asked in SMALL_QUESTIONS.items()]
                    ):
                        return
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        for node in filter(None, [self.node, *self.old]):
            node.kill()
            await asyncio.to_thread(node.join, STARTS_WITHIN_S)
        await self.proxy.stop()
        await asyncio.to_thread(self.store.kill)


@asynccontextmanager
async def made(folder: Path, change: str = "", store: str = "") -> AsyncIterator[World]:
    """A World that serves. ``change`` is what every node starts with (tests.faults.armed), ``store`` what the store is started
    with beside its own terms."""
    async with receiving() as receiver:
        world = World(folder, receiver, store)
        await world.start_store()
        for person in APPROVERS:
            await world.may(person, Role.APPROVER)
        await world.proxy.start()
        world.change = change
        await world.start_node()
        try:
            await world.serves()
            yield world
        finally:
            await world.close()
