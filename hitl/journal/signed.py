"""A journal whose batches are signed, and the proof at a recovery that its end was written by who may."""

from collections.abc import Sequence
from typing import Protocol

from hitl.errors import InvalidConfig
from hitl.journal.entry import Entry
from hitl.journal.ports import Journal
from hitl.journal.signature import SignedFrom, Signer, check_entry, keys_recorded


class SignerRecord(Protocol):
    """The public keys of a journal's writers, noted outside the store."""

    async def read(self) -> list[SignedFrom]:
        """Read all of them, in the order of their entries. Raises StoreUnavailable."""

    async def add(self, signer: SignedFrom) -> None:
        """Note a key durably; it replaces one that was noted for the same entry. Raises StoreUnavailable."""


class SignedJournal:
    """A hitl.journal.Journal of ``shard`` that signs each batch."""

    def __init__(self, journal: Journal, shard: str, signer: Signer) -> None:
        self._journal, self._shard, self._signer = journal, shard, signer

    async def open_epoch(self) -> int:
        return await self._journal.open_epoch()

    async def append(self, epoch: int, expected_seq: int, entries: Sequence[Entry]) -> None:
        await self._journal.append(epoch, expected_seq, self._signer.sign(self._shard, entries))

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        return await self._journal.read(after_seq, limit)


class Signatures:
    """What a writer checks before it goes on where a journal ends. ``signer`` is its own key, None if it has none."""

    def __init__(self, record: SignerRecord, signer: Signer | None) -> None:
        self._record, self._signer = record, signer

    async def check_end(self, shard: str, journal: Journal, end: int) -> None:
        """Check the signature of entry ``end``, the last one, and note our key for the entries that follow.

        The record comes before the first signed entry: from then on an entry without a signature is a forged one.
        Raises EntryForged, InvalidConfig where a signed journal would go on unsigned, and StoreUnavailable."""
        signers = await self._record.read()
        if signers and end >= signers[0].seq:
            check_entry(shard, (await journal.read(end - 1, 1))[0], keys_recorded(signers))
        if self._signer is None:
            if signers:
                raise InvalidConfig("HITL_SIGNING_KEY_FILE", "signing_key", f"journal {shard} is signed: name the key's file")
        elif not signers or signers[-1].key != self._signer.public:
            await self._record.add(SignedFrom(end + 1, self._signer.public))
