"""Verify every link of a shard's hash chain, from the first entry."""

from collections.abc import AsyncIterator, Sequence

from hitl.journal.entry import GENESIS, Entry, check_link
from hitl.journal.ports import Journal
from hitl.journal.signature import SignatureCheck, SignedFrom, keys_recorded

PAGE = 1000
"""Entries a read: a few hundred kilobytes."""


async def verified(shard: str, journal: Journal, seq: int = 0, head: str = GENESIS) -> AsyncIterator[Entry]:
    """Yield all entries behind entry ``seq`` with hash ``head``, in order, each checked against the one before it.
    Raises ChainBroken, StoreUnavailable."""
    while page := await journal.read(seq, PAGE):
        for entry in page:
            check_link(shard, head, seq + 1, entry)
            seq, head = entry.seq, entry.hash
            yield entry


async def verify(shard: str, journal: Journal) -> tuple[int, str]:
    """Return the number of entries and the last one's hash, GENESIS for none. Raises ChainBroken at the first bad entry."""
    seq, head = 0, GENESIS
    async for entry in verified(shard, journal):
        seq, head = entry.seq, entry.hash
    return seq, head


async def verify_signed(shard: str, journal: Journal, signers: Sequence[SignedFrom]) -> tuple[int, str, int | None]:
    """Return ``verify``, and the first signed entry, None where there is none: from the first of ``signers`` on each entry must
    be signed, with the key of its part. Raises ChainBroken, and EntryForged at the first entry that its writer did not sign."""
    check = SignatureCheck(shard, keys_recorded(signers), signers[0].seq if signers else None)
    seq, head = 0, GENESIS
    async for entry in verified(shard, journal):
        check.take(entry)
        seq, head = entry.seq, entry.hash
    return seq, head, check.finish()
