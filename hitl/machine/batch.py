"""Commands on their way to one append: who waits for them, what was decided, and the entries that will say so."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hitl.errors import StoreUnavailable
from hitl.journal.entry import Commit, Effect, Entry, follow
from hitl.machine.asked import name_of
from hitl.machine.events import EventCodec
from hitl.machine.machine import Alarm, AlarmOver, Envelope, Outcome


@dataclass(frozen=True, slots=True)
class Repeated:
    """The answer is that of entry ``seq``."""

    seq: int


Verdict: TypeAlias = Any
"""An answer, Repeated, or the exception that refuses."""


@dataclass(slots=True)
class PendingCommand:
    """A command and whoever waits for its answer; nobody waits for an alarm's."""

    envelope: Envelope[Any]
    answer: asyncio.Future[Any] | None = None

    def tell(self, verdict: Any) -> None:
        """Answer or refuse; a caller who has gone is told nothing."""
        if self.answer is None or self.answer.done():
            return
        if isinstance(verdict, Exception):
            self.answer.set_exception(verdict)
        else:
            self.answer.set_result(verdict)


@dataclass(slots=True)
class CommandBatch:
    """Starts after entry ``seq`` with hash ``head``. ``verdicts`` are told after the append, refusals too: they may rest
    on what the batch did before them."""

    seq: int
    head: str
    codec: EventCodec[Any]
    effects: list[Effect[Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    alarms: list[Alarm | AlarmOver] = field(default_factory=list)
    verdicts: list[tuple[PendingCommand, Verdict]] = field(default_factory=list)

    def add(self, commit: Commit) -> Effect[Any]:
        """Link ``commit`` behind the batch's entries; returns its effect as a replay will read it, which is what may be applied.

        Raises ValueError, TypeError for what is not JSON.
        """
        previous = self.entries[-1].hash if self.entries else self.head
        body, effect = self.codec.write(commit)
        self.entries.append(follow(previous, self.seq + len(self.entries) + 1, body))
        self.effects.append(effect)
        return effect

    def tell(self) -> None:
        """Answer all but the repeated ones."""
        for waiting, verdict in self.verdicts:
            if not isinstance(verdict, Repeated):
                waiting.tell(verdict)

    def repeated(self) -> list[tuple[PendingCommand, int]]:
        """Return who waits for the answer of which entry."""
        return [(waiting, verdict.seq) for waiting, verdict in self.verdicts if isinstance(verdict, Repeated)]

    def doubt(self) -> None:
        refuse((waiting for waiting, _ in self.verdicts), StoreUnavailable("whether the command took effect is not known yet"))


def refuse(waiting: Iterable[PendingCommand], error: Exception) -> None:
    for each in waiting:
        each.tell(error)


def commit_of(envelope: Envelope[Any], now: float, epoch: int, outcome: Outcome) -> Commit:
    """What the journal will say of the command."""
    return Commit(
        at=now,
        epoch=epoch,
        by=envelope.by,
        request_id=envelope.request_id,
        command=name_of(envelope.command),
        command_id=envelope.command_id,
        fingerprint=envelope.fingerprint,
        answer=outcome.answer,
        events=outcome.events,
        traceparent=envelope.trace.traceparent if envelope.trace else "",
        tracestate=envelope.trace.tracestate if envelope.trace else "",
    )
