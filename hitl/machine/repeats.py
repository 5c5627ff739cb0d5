"""The answers to repeated commands, from the entries that gave them."""

import asyncio

from msgspec import ValidationError

from hitl.errors import HitlError, StoreUnavailable
from hitl.journal.entry import Commit
from hitl.journal.ports import Journal
from hitl.machine.asked import answer_of
from hitl.machine.batch import CommandBatch, PendingCommand


async def tell_again(journal: Journal, batch: CommandBatch) -> None:
    """Tell each repeated command of ``batch`` what it was told before: its entry is in the store, or in the archive."""
    repeated = batch.repeated()
    if repeated:
        await asyncio.gather(*(_tell(journal, waiting, seq) for waiting, seq in repeated))


async def _tell(journal: Journal, waiting: PendingCommand, seq: int) -> None:
    try:
        found = await journal.read(seq - 1, 1)
    except HitlError as error:
        waiting.tell(error)
        return
    is_there = bool(found) and found[0].seq == seq
    if not is_there:
        waiting.tell(StoreUnavailable(f"entry {seq} is not to be found"))
        return
    try:
        waiting.tell(answer_of(waiting.envelope.command, Commit.decode(found[0].body).answer))
    except ValidationError as fault:  # an answer of an old form concerns its caller alone
        waiting.tell(fault)
