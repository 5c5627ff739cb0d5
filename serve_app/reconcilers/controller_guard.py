"""End Serve's controller when it hangs. Ray starts one anew whose process ends, and nobody notices one that answers no more:
requests are answered on, but no dead replica comes back."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from hitl.errors import HitlError
from serve_app.http.telemetry import json_log

PING_TIMEOUT_S = 5.0
HUNG_AFTER_S = 60.0
"""Of silence. A controller that Ray starts anew on a busy machine is silent for half a minute."""

START_WITHIN_S = 120.0
"""Of silence, after it was ended."""

log = json_log()


class Controller(Protocol):
    """The port to Serve's controller."""

    async def ping(self) -> None:
        """Return once it has answered; hangs when it hangs. Raises a HitlError while it is away."""

    async def end(self) -> None:
        """End its process, whatever it does; the next one comes by itself. Raises a HitlError while it is away."""


class ControllerGuard:
    """Looks after the controller of one cluster."""

    def __init__(self, controller: Controller, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._controller, self._monotonic = controller, monotonic
        self._expect(HUNG_AFTER_S)

    async def once(self) -> None:
        """Ask whether it answers, and end it when it has not for too long. Raises what ending it raised."""
        try:
            async with asyncio.timeout(PING_TIMEOUT_S):
                await self._controller.ping()
        except TimeoutError:
            await self._end_if_hung()
        except HitlError as error:
            log.info("Serve's controller is away", error=str(error))
            self._expect(START_WITHIN_S)
        else:
            self._expect(HUNG_AFTER_S)

    async def _end_if_hung(self) -> None:
        silent_s = self._monotonic() - self._heard
        if silent_s > self._allowed_s:
            log.error("Serve's controller hangs and is ended", silent_s=round(silent_s, 1))
            await self._controller.end()
            self._expect(START_WITHIN_S)

    def _expect(self, within_s: float) -> None:
        """Allow it this long a silence from now on."""
        self._heard, self._allowed_s = self._monotonic(), within_s
