"""Repeat a step for ever; an error is logged, and the next attempt comes later."""

import asyncio
from collections.abc import Awaitable, Callable

from serve_app.http.telemetry import json_log

MAX_WAIT_S = 30.0
"""Between tries while a neighbour is away: soon enough when it comes back, rare enough not to fill the log."""

log = json_log()


async def forever(name: str, step: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Await ``step`` every ``every_s`` seconds, up to MAX_WAIT_S apart while it fails. Ends only by cancellation."""
    wait_s = every_s
    while True:
        try:
            await step()
            wait_s = every_s
        except Exception as error:  # noqa: BLE001 - the loop outlives whatever happens to its neighbours
            wait_s = min(2 * wait_s, MAX_WAIT_S)
            log.warning("keeper step failed", step=name, error=repr(error), next_try_s=wait_s)
        await asyncio.sleep(wait_s)
