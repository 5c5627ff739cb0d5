"""Run coroutines concurrently; the first failure cancels the rest."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

AGAIN_S = 0.1
"""Python 3.11's ``asyncio.wait_for``, through which redis-py sends every command, loses a cancellation that arrives in the moment
when its command has been sent. A task that was told once could then live on, and whoever waits for its end, for ever."""

Life = Coroutine[Any, Any, None]


async def run_concurrently(lives: Iterable[Life]) -> None:
    """Return when all ``lives`` have ended. Raises an ExceptionGroup of what they failed with, once every one of them is over;
    cancelled itself, it ends them as well."""
    tasks = [asyncio.create_task(life) for life in lives]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await end(tasks)
    failures = [error for task in tasks if not task.cancelled() and (error := task.exception()) is not None]
    if failures:
        raise BaseExceptionGroup("lives that failed", failures)


async def end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Return when all ``tasks``, which are cancelled, have ended. Cancelled itself it goes on, and is cancelled in the end."""
    cancelled: asyncio.CancelledError | None = None
    while living := [task for task in tasks if not task.done()]:
        for task in living:
            task.cancel()
        try:
            await asyncio.wait(living, timeout=AGAIN_S)
        except asyncio.CancelledError as again:
            cancelled = again
    if cancelled is not None:
        raise cancelled
