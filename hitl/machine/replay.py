"""The state that a journal leads to, with everything that its shell must know of the past."""

from collections.abc import Callable
from typing import Any, Generic

from hitl.journal.entry import GENESIS, Effect, Entry
from hitl.journal.ports import Journal
from hitl.journal.verify import verified
from hitl.machine.ledger import Ledger
from hitl.machine.machine import Alarm, AlarmOver, Machine, State


class Replica(Generic[State]):
    """A machine's state with its place in the journal and its ledger. Changed in place, by one owner."""

    def __init__(self, machine: Machine[State]) -> None:
        self.machine, self.state, self.ledger = machine, machine.initial(), Ledger()
        self.codec = machine.events
        self.seq, self.head = 0, GENESIS

    def apply(self, seq: int, effect: Effect[Any]) -> list[Alarm | AlarmOver]:
        """Evolve by ``effect``, which will stand at ``seq``; returns the alarms that it sets and ends, in order."""
        alarms: list[Alarm | AlarmOver] = []
        for event in effect.events:
            self.machine.evolve(self.state, event, effect.at)
            alarms.extend(self.machine.alarms(self.state, event))
        self.ledger.record(seq, effect)
        return alarms

    def replay(self, entry: Entry) -> Effect[Any]:
        """Stand after ``entry``; sets no alarms, since those that count then are the standing ones."""
        effect = self.codec.read(entry.body)
        evolve, state, at = self.machine.evolve, self.state, effect.at
        for event in effect.events:
            evolve(state, event, at)
        self.ledger.record(entry.seq, effect)
        self.stand_after(entry)
        return effect

    def stand_after(self, entry: Entry) -> None:
        self.seq, self.head = entry.seq, entry.hash


async def replay(replica: Replica[State], shard: str, journal: Journal, see: Callable[[int, Effect[Any]], None]) -> None:
    """Bring ``replica`` to the end of ``journal``; ``see`` gets the effect of every entry behind it with its seq, in order.

    Raises ChainBroken, StoreUnavailable.
    """
    async for entry in verified(shard, journal, replica.seq, replica.head):
        see(entry.seq, replica.replay(entry))
