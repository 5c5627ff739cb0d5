"""An append whose fate is always settled by reading, never by sending again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hitl.crashpoints import crashpoint
from hitl.errors import StoreUnavailable
from hitl.journal.entry import Entry
from hitl.journal.ports import Journal

DOUBT_PAUSES_S = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0)
"""How long the fate of an append is looked for before its callers are told that it is unknown."""

STORE_PAUSE_S = 0.2

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class Writer:
    """The right to append to ``journal`` in one epoch."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.epoch = journal, 0

    async def open(self) -> None:
        """Take a new epoch; waits for the store."""
        self.epoch = await when_the_store_answers(self.journal.open_epoch)

    async def append(self, after_seq: int, entries: Sequence[Entry]) -> None:
        """Append; returns once ``entries`` stand, though their acknowledgement was lost. With no entries it checks that
        this writer still may. Raises Fenced, SequenceConflict, and StoreUnavailable while nothing can be known."""
        crashpoint("append.before_send")
        try:
            await self.journal.append(self.epoch, after_seq, entries)
            crashpoint("append.after_reply")
        except StoreUnavailable:
            if not await self._stand(after_seq, entries):
                raise

    async def _stand(self, after_seq: int, entries: Sequence[Entry]) -> bool:
        for pause_s in DOUBT_PAUSES_S if entries else ():
            await asyncio.sleep(pause_s)
            try:
                return _unsigned(await self.journal.read(after_seq, len(entries))) == _unsigned(entries)
            except StoreUnavailable as error:
                log.warning("the fate of an append is unknown: %s", error)
        return False


def _unsigned(entries: Sequence[Entry]) -> list[tuple[int, bytes, str]]:
    """The signature is made below the writer, which knows its entries without."""
    return [entry[:3] for entry in entries]


async def when_the_store_answers(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Return what ``ask`` returns, asked again for as long as it raises StoreUnavailable."""
    while True:
        try:
            return await ask()
        except StoreUnavailable as error:
            log.warning("waiting for the store: %s", error)
            await asyncio.sleep(STORE_PAUSE_S)
