"""A shard's state at one entry, as bytes that prove themselves; and the port to where they are kept.

Two lines of canonical JSON, compressed: ``{"format", "digest"}``, and the body that the digest is of. A snapshot
of another format or shape of state is left aside, not damaged: history is replayed in its place.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hitl.canonical import canonical, digest_of
from hitl.canonical_fast import read_canonical
from hitl.errors import SnapshotDamaged
from hitl.journal.entry import Commit, Effect
from hitl.machine.codec import decode, encode, shape_of
from hitl.machine.events import EventCodec
from hitl.machine.ledger import Ledger
from hitl.machine.machine import State
from hitl.machine.replay import Replica

FORMAT = 4
"""Counts up when an event means something else than before, so that no state of the old meaning is read; and when something
beside the state is kept in another form."""

READ = (3, FORMAT)
"""Formats that are read. In 3 the ledger's answers were rows."""

FAST = 1

MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading JSON of another form than the expected one raises."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after entry ``seq`` with hash ``hash``; ``answers`` are the ledger's, ``pins`` the commits that
    watchers must see again, as seq and body."""

    shard: str
    seq: int
    hash: str
    shape: str
    state: Any
    answers: dict[str, str] | list[list[Any]]
    pins: list[list[Any]]


class Snapshots(Protocol):
    """Where a shard's snapshots are kept."""

    async def seqs(self) -> Sequence[int]:
        """Return what is there, newest first. Raises StoreUnavailable."""

    async def read(self, seq: int) -> bytes:
        """Raises StoreUnavailable."""


def pack(shard: str, replica: Replica[State], pins: Mapping[int, Commit]) -> bytes:
    """Return the bytes of ``replica``'s snapshot. Raises TypeError for a state without a stored form."""
    told = Snapshot(
        shard,
        replica.seq,
        replica.head,
        shape_of(type(replica.state)),
        encode(replica.state),
        replica.ledger.to_plain(),
        [[seq, pins[seq].encode().decode()] for seq in sorted(pins)],
    )
    body = canonical({name: getattr(told, name) for name in Snapshot.__slots__})
    head = canonical({"format": FORMAT, "digest": digest_of(body)})
    return gzip.compress(head + b"\n" + body, FAST, mtime=0)


def unpack(shard: str, seq: int, data: bytes) -> Snapshot | None:
    """Return the snapshot in ``data``; None for one of another format. Raises SnapshotDamaged."""
    try:
        first, _, body = gzip.decompress(data).partition(b"\n")
        head = json.loads(first)
        if head["format"] not in READ:
            return None
        found = Snapshot(**read_canonical(body)) if digest_of(body) == head["digest"] else None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise SnapshotDamaged(shard, seq, f"unreadable: {error}") from error
    if found is None or (found.shard, found.seq) != (shard, seq):
        raise SnapshotDamaged(shard, seq, "its bytes are not those that were written")
    return found


def restored(snapshot: Snapshot, replica: Replica[State]) -> bool:
    """Put ``replica``, at its start, where ``snapshot`` stands; False, and nothing done, for a state of another shape. Raises
    SnapshotDamaged, and does nothing, for what no snapshot of this shape holds."""
    kind = type(replica.state)
    if snapshot.shape != shape_of(kind):
        return False
    try:
        state, ledger = decode(kind, snapshot.state), ledger_of(snapshot)
    except MALFORMED as error:
        raise SnapshotDamaged(snapshot.shard, snapshot.seq, f"unreadable: {error!r}") from error
    replica.state, replica.ledger = state, ledger
    replica.seq, replica.head = snapshot.seq, snapshot.hash
    return True


def ledger_of(snapshot: Snapshot) -> Ledger:
    """Return the ledger of ``snapshot``. Raises one of MALFORMED for what is none."""
    found = Ledger()
    found.restore(snapshot.answers)
    return found


def pins_of(snapshot: Snapshot, codec: EventCodec[Any]) -> list[tuple[int, Effect[Any]]]:
    """Return the pinned effects with their seqs, in order."""
    return [(seq, codec.read(body.encode())) for seq, body in snapshot.pins]
