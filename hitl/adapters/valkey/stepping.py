"""Work beside a serving shard, step by step; what fails is told of and begins anew, and the shard goes on."""

import asyncio
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import structlog

from hitl.machine import Phase, Shard

EVERY_S = 5.0

log = structlog.get_logger("hitl.shard")


class Stepping(ABC):
    """``trouble`` is why the last step failed. ``_epoch`` is that of the shard whose work was begun; None: begin anew."""

    FAILED: ClassVar[str]
    """What the log says of a step that failed."""

    def __init__(self, shard: Shard[Any]) -> None:
        self._shard = shard
        self._epoch: int | None = None
        self.trouble: str | None = None

    async def run(self) -> None:
        """Run until cancelled. What fails is tried again."""
        while True:
            left = 0
            try:
                left = await self.step() if self._shard.phase is Phase.SERVING else 0
                self.trouble = None
            except Exception as error:  # noqa: BLE001 - whatever is wrong with what is old, the shard goes on
                self._epoch, self.trouble = None, str(error) or type(error).__name__
                log.warning(self.FAILED, why=self.trouble)
            await asyncio.sleep(0 if left else EVERY_S)

    @abstractmethod
    async def step(self) -> int:
        """Do a step, and return how much was done: 0 where nothing is left for now."""
