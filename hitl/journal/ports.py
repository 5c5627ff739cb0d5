"""The port of a journal and its guarantees; implementations inherit tests/contracts/journal_contract.py."""

from collections.abc import Sequence
from typing import Protocol

from hitl.journal.entry import Entry


class Journal(Protocol):
    """The journal of one shard. One writer (the current epoch), any number of readers."""

    async def open_epoch(self) -> int:
        """Take the shard over: returns a new epoch, greater than all before; older ones can append nothing from now on."""

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        """Append all of ``entries`` durably after entry ``expected_seq``, or none of them.

        Returns only when they would survive a crash of the store. Raises Fenced, SequenceConflict (nothing was written),
        or StoreUnavailable: then whether they were written is unknown until ``read`` tells. A signature may be added to the
        last one. With no entries it checks and writes nothing. Never retries by itself.
        """

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        """Read the first ``limit`` entries with seq > ``after_seq``, in order, without gaps; fewer only where the journal ends.
        Raises StoreUnavailable."""
