"""Errors for stored data that is missing or damaged."""

from hitl.errors.base import HitlError


class ChainBroken(HitlError):
    """History was changed: entry ``seq`` does not follow from the one before it."""

    message = "the chain of shard {shard} breaks at entry {seq}"
    shard: str
    seq: int


class EntryForged(HitlError):
    """An entry that its writer did not sign: whoever appended it has the store's password, and not the writer's key."""

    message = "entry {seq} of shard {shard} is not signed by its writer: {why}"
    shard: str
    seq: int
    why: str


class SnapshotDamaged(HitlError):
    """A snapshot's bytes are not those that were written, or it does not belong to its journal."""

    message = "snapshot {seq} of shard {shard}: {why}"
    shard: str
    seq: int
    why: str


class ArtifactRejected(HitlError):
    """The bytes are not the ones that were named, or not a model that we load."""

    message = "artifact {digest}: {why}"
    digest: str
    why: str


class SealBroken(HitlError):
    """Sealed bytes that do not open: changed, moved, or under a key that is not here."""

    message = "what is sealed for {subject} does not open: {why}"
    subject: str
    why: str


class InvalidConfig(HitlError):
    """A configuration file is wrong; ``key`` says where."""

    message = "{source}: {key}: {why}"
    source: str
    key: str
    why: str


class CaseExists(HitlError):
    """Some cases of the batch are stored already: ``positions`` maps their ids to their seq. Nothing was written."""

    positions: dict[str, int]

    def __str__(self) -> str:
        return f"{len(self.positions)} cases exist already"
