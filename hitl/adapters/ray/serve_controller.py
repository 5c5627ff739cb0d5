"""The controller of Ray Serve, which starts replicas and looks after them, as the keeper looks after it."""

import asyncio
from typing import Any

import ray
from ray.exceptions import RayActorError

from hitl.errors import Recovering

NAME, NAMESPACE = "SERVE_CONTROLLER_ACTOR", "serve"
"""What Ray calls it."""


class ServeController:
    """serve_app.reconcilers.controller_guard.Controller of the cluster of this process."""

    def __init__(self) -> None:
        self._handle: Any = None

    async def ping(self) -> None:
        """Return once it has answered, however long that takes. Raises Recovering when it is away."""
        try:
            await (await self._actor()).get_pid.remote()
        except RayActorError as error:
            raise Recovering(NAME) from error

    async def end(self) -> None:
        """End its process, whatever it does. Ray starts it again, and it takes up the replicas that run. Raises Recovering."""
        await asyncio.to_thread(ray.kill, await self._actor(), no_restart=False)

    async def _actor(self) -> Any:
        if self._handle is None:
            try:
                self._handle = await asyncio.to_thread(ray.get_actor, NAME, NAMESPACE)
            except ValueError as error:
                raise Recovering(NAME) from error
        return self._handle
