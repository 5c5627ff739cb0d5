"""Whether a snapshot is what its history leads to, by replaying all of that history."""

from hitl.canonical import canonical
from hitl.errors import SnapshotDamaged
from hitl.journal.entry import GENESIS
from hitl.journal.ports import Journal
from hitl.journal.verify import verified
from hitl.machine.codec import encode, shape_of
from hitl.machine.machine import Machine, State
from hitl.machine.replay import Replica
from hitl.machine.snapshot import MALFORMED, ledger_of, unpack


async def prove(shard: str, machine: Machine[State], journal: Journal, seq: int, data: bytes) -> None:
    """Nothing, for a snapshot of another format or shape too: it is never read. Raises SnapshotDamaged, ChainBroken,
    StoreUnavailable."""
    snapshot, replica = unpack(shard, seq, data), Replica(machine)
    if snapshot is None or snapshot.shape != shape_of(type(replica.state)):
        return
    async for entry in verified(shard, journal, 0, GENESIS):
        replica.replay(entry)
        if entry.seq == seq:
            break
    replayed = [replica.seq, replica.head, encode(replica.state), replica.ledger.to_plain()]
    try:
        answers = ledger_of(snapshot).to_plain()
    except MALFORMED as error:
        raise SnapshotDamaged(shard, seq, f"unreadable: {error!r}") from error
    if canonical(replayed) != canonical([snapshot.seq, snapshot.hash, snapshot.state, answers]):
        raise SnapshotDamaged(shard, seq, "its history leads to another state")
