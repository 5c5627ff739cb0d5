"""Rows about the store and its disk: killed, slow, full, failing."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

from tests.faults.clients import Clients
from tests.faults.harm import Harm, until
from tests.faults.world import World

SLOW_S = 0.9
SLOW = f"inject=fdatasync:delay_enter={int(SLOW_S * 1e6)}"
TRACED_S = 2.5
ROOM = 192 * 1024
"""Bytes that a full disk had left: the load fills them in seconds."""

MORE = "256m"


async def kill_store(world: World, clients: Clients) -> None:
    await world.kill_store()
    await world.start_store()


async def slow_disk(world: World, clients: Clients) -> None:
    async with tracing(world, SLOW):
        await asyncio.sleep(TRACED_S)


async def killed_while_slow(world: World, clients: Clients) -> None:
    """What waits for a slow disk when the store dies was not acknowledged."""
    async with tracing(world, SLOW):
        await asyncio.sleep(TRACED_S)
        await world.kill_store()
    await world.start_store()


async def broken_disk(world: World, clients: Clients) -> None:
    """The store leaves; what it had not written was not acknowledged."""
    async with tracing(world, "inject=fdatasync:error=EIO"):
        await asyncio.sleep(TRACED_S)
    await world.kill_store()
    await world.start_store()


async def full_disk(world: World, clients: Clients) -> None:
    """The store leaves when its disk is full, whenever it is started; given room, it serves with all that was acknowledged."""
    await world.kill_store()
    with small_disk(world.store.folder):
        try:
            await _filled(world)
        finally:
            await world.kill_store()
    await world.start_store()


async def _filled(world: World) -> None:
    await world.start_store()
    await until(lambda: not world.store.is_alive, "the store leaves its full disk", 60)
    _run("mount", "-o", f"remount,size={MORE}", str(world.store.folder))
    await world.kill_store()
    await world.start_store()
    await world.serves()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """``folder`` on a disk of its own that has ROOM left; its content goes there and comes back."""
    aside = folder.with_name("aside")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    shutil.copytree(folder, aside)
    _run("mount", "-t", "tmpfs", "-o", f"size={size + ROOM}", "store", str(folder))
    try:
        _replace(aside, folder)
        yield
    finally:
        _replace(folder, aside)
        _run("umount", str(folder))
        _replace(aside, folder)
        shutil.rmtree(aside)


def _replace(source: Path, folder: Path) -> None:
    """``folder``, which may be a mount, has the content of ``source`` and nothing else."""
    for each in folder.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    shutil.copytree(source, folder, dirs_exist_ok=True)


@asynccontextmanager
async def tracing(world: World, what: str) -> AsyncIterator[None]:
    """Meanwhile strace does ``what`` to the store."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(world.store.pid), "-e", "trace=fdatasync", "-e", what]
    tracer = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        await tracer.wait()


@cache
def can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    probe = subprocess.Popen(["sleep", "5"])
    try:
        said = subprocess.run(["timeout", "1", "strace", "-p", str(probe.pid)], capture_output=True, text=True)
        return "attached" in said.stderr
    finally:
        probe.kill()
        probe.wait()


@cache
def can_mount() -> bool:
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory(prefix="hitl-mount-") as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "probe", folder], capture_output=True)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


ROWS: dict[str, Harm] = {
    "10 the store is killed": kill_store,
    "14 the disk is slow": slow_disk,
    "14 the store is killed while its disk is slow": killed_while_slow,
    "15 the disk is full": full_disk,
    "16 the disk fails": broken_disk,
}
