"""The one writer of a shard: gathers commands, decides, appends them in one call, then publishes and answers.

Nothing that a caller sees is ahead of the journal: answers leave after their append, questions are answered from
committed state. A failed append throws the state away. Time enters as commands like any other.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, Generic

from hitl.canonical_fast import read_canonical
from hitl.crashpoints import crashpoint
from hitl.errors import Fenced, HitlError, JournalRegressed, Overloaded, Recovering, SequenceConflict, StoreUnavailable
from hitl.journal.ports import Journal
from hitl.machine.alarms import Alarms
from hitl.machine.archive import EmptyArchive, StateArchive, answered, submitted
from hitl.machine.asked import A, Question
from hitl.machine.batch import CommandBatch, PendingCommand, Repeated, Verdict, commit_of, refuse
from hitl.machine.machine import Envelope, Machine, Outcome, State
from hitl.machine.recovery import NOTHING_KEPT, Past, recover
from hitl.machine.repeats import tell_again
from hitl.machine.replay import Replica
from hitl.machine.shards import PlainState
from hitl.machine.topics import Topics, Until
from hitl.machine.watch import Watcher, Watchers
from hitl.machine.writer import Writer, when_the_store_answers

MAX_BATCH = 256
"""Commands an append: the store needs about a millisecond for them."""

MAX_WAITING = 10_000

LOOK_EVERY_S = 1.0
"""An idle writer looks this often whether it is still the writer, and whether the wall clock jumped over a deadline."""

log = logging.getLogger(__name__)


class Phase(StrEnum):
    RECOVERING = "recovering"
    SERVING = "serving"
    FENCED = "fenced"


class Shard(Generic[State]):
    """Runs ``machine`` over ``journal`` inside one event loop; ``run`` is its life, everything else may be called beside it.

    ``wall`` gives UTC seconds, ``monotonic`` seconds that never jump (after moving a test's clock call ``look``).
    """

    def __init__(  # noqa: PLR0913 - what it is made of, each with its default
        self,
        machine: Machine[State],
        journal: Journal,
        *,
        name: str | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        max_waiting: int = MAX_WAITING,
        watchers: Sequence[Watcher] = (),
        past: Past = NOTHING_KEPT,
        attic: StateArchive[State] | None = None,
    ) -> None:
        self._machine, self._writer, self._name = machine, Writer(journal), name or machine.name
        self._wall, self._monotonic = wall, monotonic
        self._max_waiting, self._past = max_waiting, past
        self._attic: StateArchive[State] = attic or EmptyArchive()
        self._watch, self._topics = Watchers(watchers), Topics()
        self._replica, self._alarms = Replica(machine), Alarms(wall, monotonic)
        self._waiting: deque[PendingCommand] = deque()
        self._taken: list[PendingCommand] = []
        self._wake, self._settled = asyncio.Event(), asyncio.Event()
        self._phase, self._rung = Phase.RECOVERING, 0

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def epoch(self) -> int:
        """The epoch that this writer took; 0 before."""
        return self._writer.epoch

    @property
    def seq(self) -> int:
        """The last entry; while an append is under way, the last one before it."""
        return self._replica.seq

    @property
    def head(self) -> str:
        return self._replica.head

    @property
    def waiting(self) -> int:
        """Commands that are not decided yet."""
        return len(self._waiting)

    async def run(self) -> None:
        """Recover, then serve until cancelled. Raises Fenced when another writer took over, ChainBroken for a changed
        history, JournalRegressed for one that is shorter than was noted; while the store is away it waits."""
        try:
            await self._writer.open()
            await self._recover()
            while True:
                await self._turn()
        except Fenced:
            self._phase = Phase.FENCED
            raise
        finally:
            self._stop_serving()

    async def submit(self, envelope: Envelope[A]) -> A:
        """Return the answer to ``envelope`` once it is durable. Raises what the machine refuses with, Recovering, Overloaded,
        IdempotencyConflict, and StoreUnavailable when its fate is unknown (repeat it). Cancelling the caller does not
        cancel the command."""
        return await submitted(self._attic, envelope, self)

    def enqueue(self, envelope: Envelope[A]) -> asyncio.Future[A]:
        """``submit`` in two steps: commands are taken in the order of these calls, and once one fails in its append, all
        that wait behind it fail too. Raises Recovering, Overloaded."""
        self._require_serving()
        if len(self._waiting) >= self._max_waiting:
            raise Overloaded(f"shard {self._name}", self._max_waiting)
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append(PendingCommand(envelope, answer))
        self._wake.set()
        return answer

    async def ask(self, question: Question[A]) -> A:
        """Return the machine's answer from committed state. Raises its refusals, Recovering."""
        found: A = await answered(
            self._attic, question, self.state, lambda state: self._machine.query(state, question, self._wall())
        )
        return found

    async def wait(self, topic: str, question: Question[A], is_done: Callable[[A], bool], timeout_s: float) -> A:
        """Return the answer to ``question`` as soon as it ``is_done``, else the last one after ``timeout_s``. It is asked again
        when an event names ``topic`` (a case, review, approval or task). While time is left, NotFound
        counts as not yet; at the end it is raised."""
        until = Until(self._monotonic, timeout_s)
        found: A = await self._topics.until_done(topic, lambda: self.ask(question), is_done, until)
        return found

    def extend(self, key: str, after_s: float) -> bool:
        """Return a heartbeat: let alarm ``key`` ring no earlier than ``after_s`` from now; False when it does not wait. In memory
        only: after a recovery it rings after its full time. Raises Recovering."""
        self._require_serving()
        return self._alarms.extend(key, after_s)

    async def plain(self) -> PlainState:
        """Return the committed state as JSON, with the seq and the hash of the entry that it stands after. Raises Recovering."""
        replica = await self._committed()
        return {"seq": replica.seq, "hash": replica.head, "state": self._machine.plain(replica.state)}

    def look(self) -> None:
        """Look at the clocks now."""
        self._wake.set()

    # --- one turn: alarms and commands in, one append, answers out ------------------------------------

    async def _turn(self) -> None:
        await self._sleep()
        self._ring()
        batch = self._decide_waiting()
        started = self._monotonic()
        try:
            await self._writer.append(batch.seq, batch.entries)
        except (StoreUnavailable, SequenceConflict) as lost:
            await self._undo(batch, lost)
        else:
            self._publish(batch)
            self._watch.appended(len(batch.entries), self._monotonic() - started)
            await tell_again(self._writer.journal, batch)
        # Lets the questions that waited for this append be answered before the next batch is decided.
        await asyncio.sleep(0)

    async def _sleep(self) -> None:
        left_s = 0.0 if self._waiting else min(LOOK_EVERY_S, self._alarms.next_in_s())
        if left_s > 0:
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._wake.wait()

    def _ring(self) -> None:
        for key, command in self._alarms.take_due(MAX_BATCH):
            self._rung += 1
            self._waiting.append(PendingCommand(Envelope(command, f"{key}:{self.epoch}-{self._rung}", "", "time", "")))

    def _decide_waiting(self) -> CommandBatch:
        self._taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
        batch = CommandBatch(self._replica.seq, self._replica.head, self._replica.codec)
        for waiting in self._taken:
            batch.verdicts.append((waiting, self._verdict(waiting.envelope, batch)))
        return batch

    def _verdict(self, envelope: Envelope[Any], batch: CommandBatch) -> Verdict:
        now = self._wall()
        try:
            known = self._replica.ledger.recall(envelope.command_id, envelope.fingerprint)
            if known is not None:
                return Repeated(known)
            outcome = self._machine.decide(self._replica.state, envelope.command, now)
            if not outcome.events:
                return outcome.answer
            effect = batch.add(commit_of(envelope, now, self.epoch, outcome))
        except HitlError as refusal:
            return refusal
        except Exception as fault:  # decide changes nothing: its fault concerns its caller alone
            log.exception("command %s failed", type(envelope.command).__name__)
            return fault
        self._settled.clear()
        batch.alarms.extend(self._replica.apply(batch.entries[-1].seq, effect))
        # A plain answer is told as it was written, so that it shares nothing with the state; views are frozen.
        return read_canonical(bytes(effect.answer)) if isinstance(outcome.answer, dict) else outcome.answer

    def _publish(self, batch: CommandBatch) -> None:
        for entry, effect in zip(batch.entries, batch.effects, strict=True):
            self._replica.stand_after(entry)
            self._watch.committed(entry.seq, effect)
        for alarm in batch.alarms:
            self._alarms.follow(alarm)
        self._settled.set()
        crashpoint("shard.before_answers")
        batch.tell()
        crashpoint("shard.after_answers")
        self._topics.touch(event for effect in batch.effects for event in effect.events)

    async def _undo(self, batch: CommandBatch, lost: HitlError) -> None:
        log.warning("shard %s: an append failed: %s", self._name, lost)
        batch.doubt()
        if batch.entries or isinstance(lost, SequenceConflict):
            await self._recover()

    # --- recovery -----------------------------------------------------------------------------------

    async def _recover(self) -> None:
        self._stop_serving()
        known = self._replica.seq
        self._replica = await when_the_store_answers(self._replay)
        if self._replica.seq < known:
            raise JournalRegressed(self._name, known, self._replica.seq)
        self._alarms = Alarms(self._wall, self._monotonic)
        for alarm in self._machine.standing_alarms(self._replica.state):
            self._alarms.set(alarm)
        self._phase = Phase.SERVING
        self._settled.set()

    async def _replay(self) -> Replica[State]:
        return await recover(self._machine, self._name, self._writer.journal, self._watch.replayed, self._past)

    def _stop_serving(self) -> None:
        if self._phase is Phase.SERVING:
            self._phase = Phase.RECOVERING
        refuse((*self._taken, *self._waiting), Recovering(self._name))
        self._taken = []
        self._waiting.clear()
        self._settled.set()
        self._topics.touch_all()

    def _require_serving(self) -> None:
        if self._phase is not Phase.SERVING:
            raise Recovering(self._name)

    async def state(self) -> State:
        """Return the committed state, for reading. Raises Recovering."""
        return (await self._committed()).state

    def outcome(self, state: State, command: Any) -> Outcome:
        """What ``command`` would do now in ``state``. Raises what the machine refuses with."""
        return self._machine.decide(state, command, self._wall())

    async def _committed(self) -> Replica[State]:
        """Return the replica at a moment when it is not ahead of the journal."""
        self._require_serving()
        while not self._settled.is_set():
            await self._settled.wait()
            self._require_serving()
        return self._replica
