"""A journal whose older entries may be in the archive; readers see one continuous journal."""

from collections.abc import Sequence

from hitl.adapters.files.archive import ArchivedEntries
from hitl.journal import Entry, Journal


class ArchivedJournal:
    """A hitl.journal.Journal: ``recent`` holds the end and takes what is new, ``archive`` what was trimmed from it.
    The archive is asked where the store begins later than was asked for, and never otherwise."""

    def __init__(self, recent: Journal, archive: ArchivedEntries) -> None:
        self._recent, self._archive = recent, archive

    async def open_epoch(self) -> int:
        return await self._recent.open_epoch()

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        await self._recent.append(epoch, expected_seq, entries)

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        found: list[Entry] = []
        while len(found) < limit:
            seq, left = (found[-1].seq if found else after_seq), limit - len(found)
            recent = await self._recent.read(seq, left)
            archived = [] if not recent or recent[0].seq == seq + 1 else await self._archive.read(seq, left)
            if not archived:
                return found + recent
            found += archived  # of one segment: the rest stands in the next, or in the store
        return found
