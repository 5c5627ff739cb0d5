"""The port of an intake partition and its guarantees; implementations inherit tests/contracts/intake_contract.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from hitl.canonical import JsonObject
from hitl.intake.deletions import Deletion
from hitl.intake.record import CaseRecord
from hitl.intake.routed import RoutedCase
from hitl.routing.in_force import ModelThresholds, Watching


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case at its position ``seq`` in the partition, with its input as it is stored: canonical JSON, or sealed
    (hitl.sealing) under ``wrapped_key``, which is None where nothing is sealed, and once the case was erased."""

    seq: int
    record: CaseRecord
    payload: bytes
    wrapped_key: bytes | None = None


class RoutedRow(NamedTuple):
    """What is counted of a case, at its position ``seq``, beside the bytes of its record and of its input, and the wrapped key
    where it was read with them."""

    seq: int
    case: RoutedCase
    body: bytes
    payload: bytes
    wrapped_key: bytes | None = None

    @staticmethod
    def read(seq: int, body: bytes, payload: bytes, wrapped_key: bytes | None = None) -> "RoutedRow":
        """Raises msgspec.DecodeError for what no record was written as."""
        return RoutedRow(seq, RoutedCase.decode(body), body, payload, wrapped_key)

    def stored(self) -> StoredCase:
        """Return the case with its whole record."""
        return StoredCase(self.seq, CaseRecord.decode(self.body), self.payload, self.wrapped_key)


@dataclass(frozen=True, slots=True)
class IntakeBatch:
    """One micro-batch of one gateway incarnation. ``generations`` names, for each task in it, the serving generation that
    it was predicted under. ``links[i]`` is the chain hash of record i in this incarnation's own chain
    (hitl.journal.chain_hash over its own counter, from GENESIS); ``first_link`` is the counter of the first. ``bodies`` are
    the encoded records of a caller that has them already; ``keys[i]`` is the wrapped key of payload i, empty where it is not
    sealed."""

    gateway: str
    generations: dict[str, int]
    records: Sequence[CaseRecord]
    payloads: Sequence[bytes]
    first_link: int
    links: Sequence[str]
    bodies: Sequence[bytes] = ()
    keys: Sequence[bytes] = ()

    def encoded(self) -> Sequence[bytes]:
        """Return the records as bytes, in order."""
        return self.bodies or [record.encode() for record in self.records]

    def wrapped_keys(self) -> Sequence[bytes]:
        """Return the wrapped key of each payload, in order."""
        return self.keys or [b""] * len(self.records)


@dataclass(frozen=True, slots=True)
class Appended:
    """``seqs[i]`` is where record i now stands."""

    seqs: list[int]


class Intake(Protocol):
    """Writers append whole micro-batches; readers follow by position. Any number of both. ``lost`` names the archived segments
    that ``cases`` passed over because they are not there, each with the reason. ``deleted`` tells by UTC day and task how many
    cases it passed over because the task's retention deleted them."""

    lost: dict[str, str]

    @property
    def deleted(self) -> Mapping[tuple[str, str], int]: ...

    async def append(self, batch: IntakeBatch) -> Appended:
        """Append all records durably, or none. In one atomic step it checks first that each task's generation is the
        current one (else StaleGeneration), that no case id exists (else CaseExists with their positions), and that no partitions
        were added that its writer does not know of (else PartitionsAdded).
        StoreUnavailable: whether it happened is unknown until ``find`` tells. Never retries by itself."""

    async def find(self, case_id: str) -> StoredCase | None:
        """Find the case, or None. Raises StoreUnavailable."""

    async def known(self, case_ids: Sequence[str]) -> set[str]:
        """Return which of ``case_ids`` the partition has, also of those that were deleted since. Raises StoreUnavailable."""

    async def reviewable(self, after_seq: int, limit: int) -> list[StoredCase]:
        """Return up to ``limit`` cases with seq > ``after_seq`` that people look at (``CaseRecord.is_for_people``), in order.
        Without their wrapped keys."""

    async def drop_key(self, case_id: str) -> bool:
        """Forget what opens the case's input, durably and for ever; False if there was nothing. Raises StoreUnavailable."""

    async def cases(self, after_seq: int, limit: int) -> list[StoredCase]:
        """Return up to ``limit`` cases with seq > ``after_seq``, whoever decides them, in order. Raises StoreUnavailable."""

    async def routed(self, after_seq: int, limit: int) -> list[RoutedRow]:
        """As ``cases``, with what is counted of each record alone."""

    async def new_deletions(self, known: Collection[str]) -> list[Deletion]:
        """Return the newest deletion of each archived file, without those whose names are ``known``: ``cases`` passes over what
        went by them. Raises ChainBroken for one that was changed, StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What serves a task from ``generation`` on: ``(model digest, share)`` pairs whose shares add up to 1, decided by entry
    ``journal_seq`` of the approval shard's journal. Generation 0 with no versions: nothing serves yet. The other fields are
    those of hitl.serving.in_force.InForce, by the same names."""

    generation: int
    versions: tuple[tuple[str, float], ...]
    journal_seq: int
    policy: JsonObject | None = None
    thresholds: dict[str, ModelThresholds] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    audit: dict[str, float] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)
    shadow: Watching = field(default_factory=lambda: Watching())
    definition: str | None = None


class Serving(Protocol):
    """The serving pointers, kept beside the intake of every partition, so that one atomic append can check them.
    A projection of the approval journal: the journal decides."""

    async def publish(self, task: str, pointer: Pointer) -> None:
        """Make ``pointer`` current in every partition; an older generation than the current one changes nothing."""

    async def restore(self, task: str, pointer: Pointer) -> bool:
        """Put back ``pointer``, which the journal bears out, whatever stands there; whether anything else did.
        For the journal's own writer alone. Raises StoreUnavailable."""

    async def current(self) -> dict[str, Pointer]:
        """Return the pointers of all tasks that have one. Raises StoreUnavailable."""
