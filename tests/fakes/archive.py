"""Snapshots, anchors, signers and settled cases in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hitl.adapters.files.settled_files import APPROVALS, WORKFLOWS
from hitl.adapters.files.settled_lists import Chosen
from hitl.adapters.valkey.archived_reviews import ArchivedCaseStore, ReviewArchive
from hitl.adapters.valkey.archiver import Archiver
from hitl.approval.listing import ARCHIVED
from hitl.journal.signature import SignedFrom
from hitl.machine import Shard
from hitl.machine.listing import Wanted


@dataclass
class MemorySnapshots:
    """A hitl.machine.snapshot.Snapshots."""

    files: dict[int, bytes] = field(default_factory=dict)

    async def seqs(self) -> list[int]:
        return sorted(self.files, reverse=True)

    async def read(self, seq: int) -> bytes:
        return self.files[seq]

    def flip(self, seq: int, at: int) -> None:
        data = bytearray(self.files[seq])
        data[at % len(data)] ^= 0x10
        self.files[seq] = bytes(data)


@dataclass
class MemoryAnchor:
    """A hitl.machine.recovery.Anchor."""

    noted: tuple[int, str] | None = None

    async def read(self) -> tuple[int, str] | None:
        return self.noted

    async def write(self, seq: int, head: str) -> None:
        self.noted = (seq, head)


@dataclass
class MemorySigners:
    """A hitl.journal.signed.SignerRecord."""

    noted: dict[int, SignedFrom] = field(default_factory=dict)

    async def read(self) -> list[SignedFrom]:
        return [self.noted[seq] for seq in sorted(self.noted)]

    async def add(self, signer: SignedFrom) -> None:
        self.noted[signer.seq] = signer


class MemoryCases(ArchivedCaseStore):
    """The cases that are kept, in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    async def keep(self, epoch: int, cases: Mapping[str, bytes]) -> None:
        self.rows |= cases

    async def find(self, case_ids: list[str]) -> list[bytes]:
        return [self.rows[case_id] for case_id in case_ids if case_id in self.rows]

    async def choose(self, wanted: Mapping[str, Wanted]) -> list[str]:
        chosen, layout = Chosen(wanted), APPROVALS if ARCHIVED in wanted else WORKFLOWS
        chosen.take(layout.row(row_id, data) for row_id, data in self.rows.items())
        return chosen.ids


async def archive_all(shards: Mapping[str, Shard[Any]], cases: MemoryCases) -> int:
    """How many settled cases left the memory of the review shards for ``cases``, which answers about them from now on."""
    count = 0
    for name, shard in shards.items():
        if name.startswith("review-"):
            shard._attic = ReviewArchive(cases)
            while left := await Archiver(shard, cases, 0, 1e9).step():
                count += left
    return count
