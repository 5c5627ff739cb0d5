"""Work in threads that nobody may overtake."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def finish_in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``work`` gives, in a thread. Whoever is cancelled meanwhile leaves once it has ended: a lock that is held
    around it keeps the next one away until then. Raises what ``work`` raises."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            try:
                await asyncio.wait({running})
            except asyncio.CancelledError:
                continue  # the first cancellation is raised below
        if not running.cancelled():
            running.exception()  # nobody is left who would be told
        raise
