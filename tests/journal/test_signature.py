"""Signed batches: what a writer may do with keys over a journal's life, and what a check finds."""

import pytest

from hitl.errors import EntryForged, InvalidConfig, StoreUnavailable
from hitl.journal import Entry
from hitl.journal.memory import MemoryJournal
from hitl.journal.signature import Signer
from hitl.journal.signed import Signatures, SignedJournal
from hitl.journal.verify import verify_signed
from hitl.machine.writer import Writer
from tests.contracts.journal_contract import JournalContract, chain
from tests.fakes.archive import MemorySigners

OURS, NEXT = Signer(b"1" * 32), Signer(b"2" * 32)


class TestSignedJournal(JournalContract):
    """It does all that a journal does; the contract compares entries without their signatures' help."""

    @pytest.fixture
    def journal(self) -> "Unsigned":
        return Unsigned(MemoryJournal("s"))

    @pytest.fixture
    def rival(self, journal: "Unsigned") -> "Unsigned":
        return journal


class Unsigned(SignedJournal):
    """Reads entries without their signatures, as the contract writes them."""

    def __init__(self, journal: MemoryJournal) -> None:
        super().__init__(journal, "s", OURS)

    async def read(self, after_seq: int, limit: int) -> list[Entry]:
        return [entry._replace(signature="") for entry in await super().read(after_seq, limit)]


class History:
    """A journal with its record of signers, which several writers continue."""

    def __init__(self) -> None:
        self.journal, self.signers = MemoryJournal("s"), MemorySigners()

    async def grow(self, signer: Signer | None, *batches: int) -> None:
        """A writer with this key recovers, and appends batches of these sizes."""
        entries = await self.journal.read(0, 1000)
        await Signatures(self.signers, signer).check_end("s", self.journal, len(entries))
        journal = SignedJournal(self.journal, "s", signer) if signer else self.journal
        epoch = await journal.open_epoch()
        for count in batches:
            fresh = chain(count, entries[-1] if entries else None)
            await journal.append(epoch, len(entries), fresh)
            entries += fresh

    async def signed_from(self) -> int | None:
        return (await verify_signed("s", self.journal, await self.signers.read()))[2]


async def test_each_batch_has_one_signature() -> None:
    history = History()
    await history.grow(OURS, 3, 1)
    assert [entry.signature.partition(":")[0] for entry in await history.journal.read(0, 9)] == ["", "", "1", "4"]
    assert await history.signed_from() == 1


async def test_entries_of_before_stay_as_they_are() -> None:
    history = History()
    await history.grow(None, 2)
    assert await history.signed_from() is None
    before = await history.journal.read(0, 9)
    await history.grow(OURS, 2)
    assert (await history.journal.read(0, 2), await history.signed_from()) == (before, 3)


async def test_a_key_is_changed_by_a_restart() -> None:
    history = History()
    for signer in (OURS, NEXT, OURS):
        await history.grow(signer, 2)
    assert [signer[:2] for signer in await history.signers.read()] == [(1, OURS.public), (3, NEXT.public), (5, OURS.public)]
    assert await history.signed_from() == 1


async def test_a_key_that_signed_nothing_makes_room() -> None:
    history = History()
    await history.grow(OURS)
    await history.grow(NEXT, 1)
    assert await history.signers.read() == [(1, NEXT.public)]


async def test_a_former_key_signs_nothing_more() -> None:
    history = History()
    await history.grow(OURS, 1)
    await history.grow(NEXT, 1)
    last = (await history.journal.read(0, 9))[-1]
    await SignedJournal(history.journal, "s", OURS).append(2, 2, chain(1, last))
    with pytest.raises(EntryForged) as forged:
        await history.signed_from()
    assert forged.value.seq == 3


async def test_a_signed_journal_does_not_go_on_unsigned() -> None:
    history = History()
    await history.grow(OURS, 1)
    with pytest.raises(InvalidConfig, match="HITL_SIGNING_KEY_FILE"):
        await history.grow(None, 1)


class Forgetful(MemoryJournal):
    """Its answers get lost."""

    async def append(self, *what: object) -> None:
        await super().append(*what)  # type: ignore[arg-type]
        raise StoreUnavailable("no answer")


async def test_an_append_whose_answer_was_lost_is_found_again_with_its_signature() -> None:
    writer = Writer(SignedJournal(Forgetful("s"), "s", OURS))
    await writer.open()
    await writer.append(0, chain(2))
