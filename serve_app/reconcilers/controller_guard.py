"""End Serve's controller when it hangs. Ray starts one anew whose process ends, and nobody notices one that answers no more:
requests are answered on, but no dead replica comes back."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from hitl.errors import HitlError
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.guard import PING_TIMEOUT_S, START_WITHIN_S
from serve_app.reconcilers.silence import Silence

HUNG_AFTER_S = 60.0
"""Of silence. A controller that Ray starts anew on a busy machine is silent for half a minute."""

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
        self._controller, self._silence = controller, Silence(HUNG_AFTER_S, monotonic)

    async def once(self) -> None:
        """Ask whether it answers, and end it when it has not for too long. Raises what ending it raised."""
        try:
            async with asyncio.timeout(PING_TIMEOUT_S):
                await self._controller.ping()
        except TimeoutError:
            await self._end_if_hung()
        except HitlError as error:
            log.info("Serve's controller is away", error=str(error))
            self._silence.allow(START_WITHIN_S)
        else:
            self._silence.allow(HUNG_AFTER_S)

    async def _end_if_hung(self) -> None:
        if self._silence.is_too_long:
            log.error("Serve's controller hangs and is ended", silent_s=round(self._silence.seconds, 1))
            await self._controller.end()
            self._silence.allow(START_WITHIN_S)
