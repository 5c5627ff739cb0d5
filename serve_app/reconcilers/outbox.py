"""Turn journal events into deliveries and send them: two loops that may crash between any two steps.

The tail moves a journal's cursor in the same step that makes its deliveries due; the courier holds what it takes, and what is
not settled comes due again under the same id. So each event is enqueued once, and arrives once or more, never zero times.
"""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Protocol

from hitl.crashpoints import crashpoint
from hitl.errors import ChainBroken, DeliveryFailed, Undeliverable
from hitl.intake.case_traces import CaseTraces
from hitl.journal import Entry, Journal
from hitl.journal.entry import Effect, check_link
from hitl.outbox import Delivery, Fact, Notifications, Sender, Store, deliveries_for, facts_of
from hitl.outbox.delivery import Attempt, settle, traced
from hitl.outbox.ports import Put
from hitl.tracing import SpanKind, Tracer
from serve_app.http.telemetry import json_log

PAGE = 200
AT_ONCE = 16
"""Deliveries under way at a time."""

HOLD_S = 120.0
"""Longer than any sender takes: what is not settled by then belongs to nobody."""

PUT = "put"
"""The source of what was put without a journal."""

log = json_log()


class Puts(Store, Protocol):
    """A store that also takes what has no journal event."""

    async def puts(self, after_seq: int, limit: int) -> list[Put]: ...

    async def forget_puts(self, up_to: int) -> None: ...

    async def born(self) -> float: ...


class OutboxTail:
    """Reads every journal, and what was put, on from where it stood. ``traces`` None: tracing is off."""

    def __init__(
        self, store: Puts, journals: Mapping[str, Journal], config: Notifications, traces: CaseTraces | None = None
    ) -> None:
        self._store, self._journals, self._config, self._traces = store, journals, config, traces
        self._kinds = config.kinds

    async def once(self) -> None:
        """Up to the end of every source. Raises StoreUnavailable, Overloaded: the rest waits in the journal."""
        born = await self._store.born()
        sources = [self._follow(shard, journal, born) for shard, journal in self._journals.items()]
        results = await asyncio.gather(*sources, self._follow_puts(), return_exceptions=True)
        for failure in results:  # after all have been followed: one that cannot be read holds up nobody else
            if failure is not None:
                raise failure

    async def _follow(self, shard: str, journal: Journal, born: float) -> None:
        while await self._page(shard, journal, born) == PAGE:
            pass

    async def _follow_puts(self) -> None:
        while await self._page_of_puts() == PAGE:
            pass

    async def _page(self, shard: str, journal: Journal, born: float) -> int:
        """Read one page and return the number of its entries."""
        seq, head = await self._store.cursor(shard)
        entries = await journal.read(seq, PAGE)
        if entries:
            found = [
                await self._traced(made, facts)
                for facts in _looked_at((shard, head, seq), entries, born, self._kinds)
                for made in deliveries_for(facts, self._config)
            ]
            crashpoint("outbox.before_cursor")
            await self._store.enqueue(shard, seq, (entries[-1].seq, entries[-1].hash), found)
            crashpoint("outbox.after_cursor")
        return len(entries)

    async def _traced(self, made: Delivery, facts: Sequence[Fact]) -> Delivery:
        """Return the delivery in the trace of its entry; where a clock made the entry, in that of its case."""
        if self._traces is None:
            return made
        told = next((fact for fact in facts if fact.kind == made.kind), None)
        case_id = None if told is None else told.fields.get("case_id")
        trace = None if told is None else told.trace
        if trace is None and isinstance(case_id, str):
            trace = await self._traces.trace_of(case_id)
        return traced(made, trace)

    async def _page_of_puts(self) -> int:
        seq, _ = await self._store.cursor(PUT)
        puts = await self._store.puts(seq, PAGE)
        if puts:
            made = [each for put in puts for each in deliveries_for([_fact(put)], self._config)]
            if await self._store.enqueue(PUT, seq, (puts[-1].seq, ""), made):  # else another tail did, maybe not all of these
                await self._store.forget_puts(puts[-1].seq)
        return len(puts)


def _looked_at(before: tuple[str, str, int], entries: Sequence[Entry], born: float, kinds: Collection[str]) -> list[list[Fact]]:
    """Return the facts of these ``kinds`` of each entry; a broken link is a fact itself. ``before`` are the shard, and the hash
    and the position of the entry before the first."""
    shard, head, seq = before
    found = []
    for entry in entries:
        commit = Effect.decode(entry.body)
        facts = facts_of(shard, entry.seq, commit, kinds) if commit.at >= born else []
        try:
            check_link(shard, head, seq + 1, entry)
        except ChainBroken as error:
            log.error("history is broken", shard=shard, seq=error.seq)
            facts.append(Fact(f"{shard}-{entry.seq}", "HistoryBroken", commit.at, {"shard": shard, "seq": error.seq}))
        seq, head = entry.seq, entry.hash
        found.append(facts)
    return found


def _fact(put: Put) -> Fact:
    return Fact(put.message_id, put.kind, put.at, put.payload)


class Courier:
    """Carries out what is due. ``tracer`` None: tracing is off."""

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        wall: Callable[[], float] = time.time,
        uniform: Callable[[], float] = random.random,
        tracer: Tracer | None = None,
    ) -> None:
        self._store, self._senders, self._wall, self._uniform = store, senders, wall, uniform
        self._failure = self._attempted if tracer is None else partial(self._traced, tracer)

    async def once(self) -> None:
        """One try for everything that is due. Raises StoreUnavailable."""
        while due := await self._store.take_due(self._wall(), AT_ONCE, HOLD_S):
            results = await asyncio.gather(*(self._carry(delivery) for delivery in due), return_exceptions=True)
            for failure in results:
                if failure is not None:
                    raise failure

    async def _carry(self, delivery: Delivery) -> None:
        began = self._wall()
        crashpoint("webhook.before_send")
        error = await self._failure(delivery)
        crashpoint("webhook.before_settled")
        ended = self._wall()
        is_permanent = isinstance(error, Undeliverable)
        attempt = Attempt(ended, max(0.0, ended - began), str(error) if error else None, is_permanent)
        await self._store.settled(settle(delivery, attempt, self._uniform), attempt)
        crashpoint("webhook.after_settled")

    async def _traced(self, tracer: Tracer, delivery: Delivery) -> Exception | None:
        """As _attempted, inside a span, which the receiver is told as its parent."""
        about = {"messaging.operation.type": "send", "messaging.destination.name": delivery.channel}
        about |= {"messaging.message.id": delivery.id, "hitl.event": delivery.kind, "hitl.attempt": str(delivery.attempts + 1)}
        span = tracer.start(f"send {delivery.channel}", SpanKind.CLIENT, delivery.trace, about)
        failure: Exception | None = None
        try:
            failure = await self._attempted(traced(delivery, span.context))
        finally:
            span.end(None if failure is None else type(failure).__name__)
        return failure

    async def _attempted(self, delivery: Delivery) -> Exception | None:
        sender = self._senders.get(delivery.channel)
        if sender is None:
            return Undeliverable("the channel is not configured any more")
        try:
            await sender.send(delivery)
        except (DeliveryFailed, Undeliverable) as error:
            return error
        except Exception as error:  # whatever a sender meets is this delivery's failure and nobody else's
            log.error("a sender failed", channel=delivery.channel, delivery=delivery.id, exc_info=error)
            return DeliveryFailed(type(error).__name__)
        return None
