"""Note every second outside the store where the gateways' chains in an intake partition end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from hitl.adapters.files.intake_anchors import IntakeAnchorFiles
from hitl.errors import JournalRegressed, Unavailable
from hitl.intake.chains import ChainHead, Link, find_lost_head
from hitl.journal import GENESIS

EVERY_S = 1.0
ENDED_S = 3600.0
"""A gateway that appended nothing for so long has most likely ended; if not, it is noted again with its next case."""

NOTHING = ChainHead(0, 0, GENESIS)

log = structlog.get_logger("hitl.shard")


class AnchoredIntake(Protocol):
    """The part of an intake that is noted."""

    async def heads(self) -> dict[str, ChainHead]: ...

    async def forget_heads(self, gateways: Sequence[str]) -> None: ...

    async def archived_to(self) -> int:
        """Return the last position that the archive holds, by its list of files."""

    async def links(self, after_seq: int, limit: int) -> list[Link]: ...


class IntakeAnchor:
    """Keeps ``files`` at the state of ``intake``, which is partition ``name``."""

    def __init__(
        self, name: str, intake: AnchoredIntake, files: IntakeAnchorFiles, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._name, self._intake, self._files, self._monotonic = name, intake, files, monotonic
        self._noted: dict[str, ChainHead] = {}
        self._changed_at: dict[str, float] = {}
        self._checked = asyncio.Event()

    async def run(self) -> None:
        """Run until cancelled; what fails is tried again. Raises JournalRegressed where the intake lacks what was noted."""
        step = self.check
        while True:
            try:
                await step()
                step = self.step
            except JournalRegressed:
                raise
            except Unavailable as error:
                log.warning("the intake's end is not noted for now", intake=self._name, why=str(error))
            await asyncio.sleep(EVERY_S)

    async def run_once_checked(self, serve: Callable[[], Awaitable[None]]) -> None:
        """Run ``serve`` beside ``run``, once the intake was found as it was noted: nobody looks at other cases before."""
        await self._checked.wait()
        await serve()

    async def check(self) -> None:
        """Compare the intake with what was noted last. Raises JournalRegressed, StoreUnavailable."""
        archived_to, found = await self._intake.archived_to(), await self._files.read()
        noted = {gateway: head for gateway, head in found.items() if head.seq > archived_to}  # the archive proves the others
        lost = await find_lost_head(self._intake, noted)
        if lost is not None:
            last = max((head.seq for head in (await self._intake.heads()).values()), default=0)
            raise JournalRegressed(self._name, lost[1].seq, last)
        self._noted, self._changed_at = noted, dict.fromkeys(noted, self._monotonic())
        self._checked.set()

    async def step(self) -> None:
        """Note what has changed since the last step; a head that the store lost or set back stays noted.
        Raises StoreUnavailable."""
        now, noted = self._monotonic(), dict(self._noted)
        for gateway, head in (await self._intake.heads()).items():
            if head.counter > noted.get(gateway, NOTHING).counter:
                noted[gateway], self._changed_at[gateway] = head, now
        ended = {gateway: head for gateway, head in noted.items() if now - self._changed_at[gateway] > ENDED_S}
        if ended:
            archived_to, before = await self._intake.archived_to(), await self._files.read_ended()
            await self._files.write_ended(ended | {name: head for name, head in before.items() if head.seq > archived_to})
            await self._intake.forget_heads(list(ended))
        living = {gateway: head for gateway, head in noted.items() if gateway not in ended}
        if living != self._noted:
            await self._files.write(living)
            self._noted = living
