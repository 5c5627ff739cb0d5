"""Hold the cluster's place as the owner of the store, and let it act only while it has it."""

import asyncio
from collections.abc import Awaitable, Callable

from ray import serve
from ray.serve.schema import ApplicationStatus

from hitl.machine.ownership import Ownership, Standing
from serve_app.http.telemetry import json_log

Step = Callable[[], Awaitable[None]]

log = json_log()


class Owner:
    """``owns`` is what the store said last. ``is_whole`` tells whether this cluster could take over at once."""

    def __init__(self, ownership: Ownership, is_whole: Callable[[], Awaitable[bool]]) -> None:
        self._ownership, self._is_whole = ownership, is_whole
        self.owns = False

    async def once(self) -> None:
        """Keep the place, wait for it, or make way for a newer cluster."""
        standing = await self._ownership.hold(not self.owns and await self._is_whole())
        self._note(standing is Standing.OWNS)
        if standing is Standing.YIELDS:
            await self._ownership.release()

    def only(self, step: Step) -> Step:
        """Return ``step`` as one that does nothing while another cluster owns the store."""

        async def when_owner() -> None:
            if self.owns:
                await step()

        return when_owner

    def _note(self, owns: bool) -> None:
        if owns != self.owns:
            log.info("this cluster owns the store" if owns else "this cluster stands by: another one owns the store")
        self.owns = owns


async def applications_run() -> bool:
    """Return whether Serve calls every application of this cluster running."""
    status = await asyncio.to_thread(serve.status)
    return all(each.status == ApplicationStatus.RUNNING for each in status.applications.values())
