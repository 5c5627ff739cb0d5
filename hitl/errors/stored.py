"""Errors for stored data that is missing or damaged."""

from hitl.errors.base import HitlError


class ChainBroken(HitlError):
    """History was changed: entry ``seq`` does not follow from the one before it."""

    def __init__(self, shard: str, seq: int) -> None:
        super().__init__(shard, seq)
        self.shard, self.seq = shard, seq

    def __str__(self) -> str:
        return f"the chain of shard {self.shard} breaks at entry {self.seq}"


class SnapshotDamaged(HitlError):
    """A snapshot's bytes are not those that were written, or it does not belong to its journal."""

    def __init__(self, shard: str, seq: int, why: str) -> None:
        super().__init__(shard, seq, why)
        self.shard, self.seq, self.why = shard, seq, why

    def __str__(self) -> str:
        return f"snapshot {self.seq} of shard {self.shard}: {self.why}"


class ArtifactRejected(HitlError):
    """The bytes are not the ones that were named, or not a model that we load."""

    def __init__(self, digest: str, why: str) -> None:
        super().__init__(digest, why)
        self.digest, self.why = digest, why

    def __str__(self) -> str:
        return f"artifact {self.digest}: {self.why}"


class SealBroken(HitlError):
    """Sealed bytes that do not open: changed, moved, or under a key that is not here."""

    def __init__(self, subject: str, why: str) -> None:
        super().__init__(subject, why)
        self.subject, self.why = subject, why

    def __str__(self) -> str:
        return f"what is sealed for {self.subject} does not open: {self.why}"


class InvalidConfig(HitlError):
    """A configuration file is wrong; ``key`` says where."""

    def __init__(self, source: str, key: str, why: str) -> None:
        super().__init__(source, key, why)
        self.source, self.key, self.why = source, key, why

    def __str__(self) -> str:
        return f"{self.source}: {self.key}: {self.why}"


class CaseExists(HitlError):
    """Some cases of the batch are stored already: ``positions`` maps their ids to their seq. Nothing was written."""

    def __init__(self, positions: dict[str, int]) -> None:
        super().__init__(positions)
        self.positions = positions

    def __str__(self) -> str:
        return f"{len(self.positions)} cases exist already"
