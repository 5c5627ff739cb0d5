"""Repeat a step for ever; an error is logged, and the next attempt comes later."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from serve_app.http.telemetry import json_log

MAX_WAIT_S = 30.0
"""Between tries while a neighbour is away: soon enough when it comes back, rare enough not to fill the log."""

QUIET_EVERY_S = 5.0
"""Between two looks where nothing is appended: what only time brings about is due by the hour, or noticed by nobody sooner."""

log = json_log()


class Movement(Protocol):
    """The port to what tells of appends."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was appended for a while."""

    async def wait(self, timeout_s: float) -> None:
        """Return with the next append, at the latest after ``timeout_s``."""


async def forever(name: str, step: Callable[[], Awaitable[None]], every_s: float, movement: Movement | None = None) -> None:
    """Await ``step`` every ``every_s`` seconds, up to MAX_WAIT_S apart while it fails. While ``movement`` is quiet, wait for the
    next append, for QUIET_EVERY_S in all at most. Ends only by cancellation."""
    wait_s = every_s
    while True:
        try:
            await step()
            wait_s = every_s
        except Exception as error:  # noqa: BLE001 - the loop outlives whatever happens to its neighbours
            wait_s = min(2 * wait_s, MAX_WAIT_S)
            log.warning("keeper step failed", step=name, error=repr(error), next_try_s=wait_s)
        await asyncio.sleep(wait_s)
        if movement is not None and movement.is_quiet and wait_s < QUIET_EVERY_S:
            await movement.wait(QUIET_EVERY_S - wait_s)
