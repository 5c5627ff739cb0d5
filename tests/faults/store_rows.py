"""The rows of the fault matrix that need no Ray: each does its harm to a World under load and returns once it is over."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable
from typing import Any

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect
from tests.faults.clients import Clients
from tests.faults.node import FENCED
from tests.faults.world import World

Harm = Callable[[World, Clients], Awaitable[None]]
AWAY_S = 2.0
SLOW_S = 0.9
TRACED_S = 4.0


async def kill_node(world: World, clients: Clients) -> None:
    await world.kill_node()
    await world.start_node()


async def kill_node_while_the_store_is_away(world: World, clients: Clients) -> None:
    """The new one waits in its recovery, alive."""
    await asyncio.to_thread(world.store.kill)
    await world.kill_node()
    await world.start_node()
    await asyncio.sleep(0.5)
    assert world.node.exitcode is None
    await world.start_store()


async def kill_store(world: World, clients: Clients) -> None:
    await asyncio.to_thread(world.store.kill)
    await world.start_store()


async def kill_store_in_flight(world: World, clients: Clients) -> None:
    """Between the sending of a batch and its reply."""
    world.proxy.delay_s = 0.2
    await asyncio.sleep(0.25)
    await asyncio.to_thread(world.store.kill)
    world.proxy.delay_s = 0.0
    await world.start_store()


async def lose_replies(world: World, clients: Clients) -> None:
    before = world.proxy.lost
    world.proxy.lose = 3
    await _until(lambda: world.proxy.lost > before)
    world.proxy.lose = 0


async def black_hole(world: World, clients: Clients) -> None:
    world.proxy.open_hole()
    await asyncio.sleep(AWAY_S)
    world.proxy.close_hole()


async def stopped_store(world: World, clients: Clients) -> None:
    """The store hangs; connections stay."""
    pid = world.store._process.pid  # type: ignore[union-attr]
    _signal(pid, signal.SIGSTOP)
    await asyncio.sleep(AWAY_S)
    _signal(pid, signal.SIGCONT)


async def resets(world: World, clients: Clients) -> None:
    for _ in range(5):
        world.proxy.reset()
        await asyncio.sleep(0.05)


async def slow_disk(world: World, clients: Clients) -> None:
    await _traced(world, f"inject=fdatasync:delay_enter={int(SLOW_S * 1e6)}")


async def broken_disk(world: World, clients: Clients) -> None:
    """The store leaves; what it had not written was not acknowledged."""
    await _traced(world, "inject=fdatasync:error=EIO")
    await asyncio.to_thread(world.store.kill)
    await world.start_store()


async def zombie(world: World, clients: Clients) -> None:
    """A writer that was taken for dead wakes up behind its successor: its first append is refused, and it leaves."""
    old = world.leave_node()
    world.send(old, signal.SIGSTOP)
    await world.start_node()
    await world.serves()
    world.send(old, signal.SIGCONT)
    await asyncio.to_thread(old.join, 30)
    assert old.exitcode == FENCED, old.exitcode
    world.old.remove(old)


async def two_writers(world: World, clients: Clients) -> None:
    """A second one while the first is at work: one of them stays."""
    old = world.leave_node()
    await world.start_node()
    await asyncio.to_thread(old.join, 30)
    assert old.exitcode == FENCED, old.exitcode
    world.old.remove(old)


async def repeated(world: World, clients: Clients) -> None:
    """One key, many times at once, and again after a crash: one case, one answer."""
    key, features = clients.key(), [0.5, 0.3, 0.2]
    asked = [clients.until_answered("case", features=features, key=key) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    await kill_node(world, clients)
    answers.append(await clients.until_answered("case", features=features, key=key))
    ids = {answer["ok"]["body"]["case_id"] for answer in answers}
    assert len(ids) == 1, ids
    clients.told.cases[key] = (ids.pop(), 202)


async def another_body(world: World, clients: Clients) -> None:
    key = clients.key()
    first = await clients.until_answered("case", features=[0.5, 0.3, 0.2], key=key)
    other = await clients.until_answered("case", features=[0.4, 0.3, 0.3], key=key)
    assert other["ok"]["status"] == 422, other
    clients.told.cases[key] = (first["ok"]["body"]["case_id"], first["ok"]["status"])


async def gone_clients(world: World, clients: Clients) -> None:
    """Who leaves before the answer finds all of it or nothing under the key."""
    keys = [clients.key() for _ in range(10)]
    for key in keys:
        with contextlib.suppress(TimeoutError, OSError, EOFError):
            async with asyncio.timeout(0.005):
                await world.ask("case", features=[0.5, 0.3, 0.2], key=key)
    for key in keys:
        answer = await clients.until_answered("case", features=[0.5, 0.3, 0.2], key=key)
        clients.told.cases[key] = (answer["ok"]["body"]["case_id"], answer["ok"]["status"])


async def receiver_fails(world: World, clients: Clients) -> None:
    """500, a redirect inside, a hang: decisions go on, and each message arrives under one name."""
    world.receiver.answers += [500, 503, 500]
    world.receiver.delay_s = 0.3
    await asyncio.sleep(0.5)
    world.receiver.delay_s = 0.0


async def forged_pointer(world: World, clients: Clients) -> None:
    """Somebody writes into the store what should serve: the journal did not decide it, so that it never does."""
    forged = b'{"generation":%d,"journal_seq":1,"versions":[["%s",1.0]]}'
    client = connect(world.store.url)
    try:
        before = await client.hget(names.serving(0), "loans")
        await client.hset(names.serving(0), "loans", forged % (10**6, b"f" * 64))
        await asyncio.sleep(1.0)
        await (client.hset(names.serving(0), "loans", before) if before else client.hdel(names.serving(0), "loans"))
    finally:
        await client.aclose()


async def old_approval(world: World, clients: Clients) -> None:
    """Votes that come again, late, and for other bytes deploy nothing."""
    found = (await clients.until_answered("question", shard="approval", name="Approvals", fields={"status": "deployed"}))["ok"]
    for approval in found["approvals"][:3]:
        for digest in (approval["digest"], "e" * 64):
            fields = {"approval_id": approval["approval_id"], "voter": "cid", "vote": "approve", "digest": digest}
            key = clients.key()
            answer = await clients.until_answered("command", shard="approval", name="Vote", fields=fields, key=key)
            assert "error" in answer, answer


def crash(point: str, how: str = "exit") -> Harm:
    """The process ends, or fails, at ``point``; the next one goes on from there."""

    async def harm(world: World, clients: Clients) -> None:
        before = world.hits
        await world.kill_node()
        await world.start_node(f"crash:{point}:{how}:1")
        await world.gone()
        assert world.hits > before, f"{point} was not passed"
        await world.start_node()

    return harm


POINTS_OF_PROMOTION = ("before_check", "before_deploy", "after_deploy", "before_publish", "after_publish")
ROWS: dict[str, Harm] = {
    "4 the writers are killed": kill_node,
    "6 they recover while the store is away": kill_node_while_the_store_is_away,
    "10 the store is killed": kill_store,
    "11 the store is killed in flight": kill_store_in_flight,
    "12 replies are lost": lose_replies,
    "13 the store hangs": stopped_store,
    "13 the network is a hole": black_hole,
    "13 connections are reset": resets,
    "14 the disk is slow": slow_disk,
    "16 the disk fails": broken_disk,
    "21 a zombie wakes up": zombie,
    "21 two writers at once": two_writers,
    "22 a request comes again and again": repeated,
    "23 a key with another body": another_body,
    "24 clients leave": gone_clients,
    "28 the receiver of webhooks fails": receiver_fails,
    "29 a crash between sending and settling": crash("webhook.before_settled"),
    **{f"31 a crash in a promotion, {point}": crash(f"promotion.{point}") for point in POINTS_OF_PROMOTION},
    "31 what serves is forged": forged_pointer,
    "36 an old approval again": old_approval,
}


def cannot(row: str) -> str | None:
    """Why the row cannot be injected on this machine, or None."""
    if row.startswith(("14", "16")) and not _can_trace():
        return "strace may not attach to a process here"
    return None


def _can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    probe = subprocess.Popen(["sleep", "5"])
    try:
        said = subprocess.run(["timeout", "1", "strace", "-p", str(probe.pid)], capture_output=True, text=True)
        return "attached" in said.stderr
    finally:
        probe.kill()
        probe.wait()


async def _traced(world: World, what: str) -> None:
    pid = world.store._process.pid  # type: ignore[union-attr]
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(pid), "-e", "trace=fdatasync", "-e", what]
    tracer = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    await asyncio.sleep(TRACED_S)
    with contextlib.suppress(ProcessLookupError):
        tracer.terminate()
    await tracer.wait()


async def _until(holds: Callable[[], bool], within_s: float = 20.0) -> None:
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        await asyncio.sleep(0.01)


def _signal(pid: int, how: signal.Signals) -> Any:
    import os

    os.kill(pid, how)
