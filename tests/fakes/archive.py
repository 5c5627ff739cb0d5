"""Snapshots and anchors in memory."""

from dataclasses import dataclass, field


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
