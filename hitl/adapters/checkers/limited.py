"""Run a program in a process with limits of processor, memory and time; it ends with whoever waits for it."""

import asyncio
import os
import resource
import sys
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import hitl

AT_ONCE = 2
"""Processes at a time in one replica; the others wait."""

NICENESS = 10
"""Decisions go first."""

PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; main(*sys.argv[2:])"


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """``wall_s`` of clock and ``cpu_s`` of processor time; ``memory`` bytes of address space. The last two hold on Linux."""

    wall_s: float = 20.0
    cpu_s: int = 10
    memory: int = 2 * 1024**3


_turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = weakref.WeakKeyDictionary()


def program_of(module: str, *arguments: str) -> list[str]:
    """Return the command that calls ``main`` of ``module`` with ``arguments``, in a process that finds the same code as this
    one."""
    return [sys.executable, "-c", PROGRAM.format(module=module), str(Path(hitl.__file__).parents[1]), *arguments]


async def run_limited(argv: Sequence[str], text: str, limits: ProcessLimits, turns: asyncio.Semaphore | None = None) -> bytes:
    """Return what the program writes when it is given ``text``, as far as it came before a limit ended it. Raises TimeoutError.

    The process is over when this returns, raises or is cancelled: who leaves takes it along. ``turns`` None: it waits with all
    others of the replica."""
    async with turns or _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        )
        try:
            _limit(process.pid, limits)
            async with asyncio.timeout(limits.wall_s):
                return (await process.communicate(text.encode(errors="replace")))[0]
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _limit(pid: int, limits: ProcessLimits) -> None:
    """Before the program has read its input; a program that is over already needs no limit."""
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
        if hasattr(resource, "prlimit"):
            resource.prlimit(pid, resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
            resource.prlimit(pid, resource.RLIMIT_AS, (limits.memory, limits.memory))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
