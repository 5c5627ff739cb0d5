"""Metrics and log lines of a shard: appends, queues, effects."""

import asyncio
from typing import Any

import structlog
from ray.util.metrics import Counter, Gauge, Histogram

from hitl.errors import Unavailable
from hitl.journal.entry import Effect
from hitl.machine import Shard
from hitl.machine.events import type_of
from hitl.review import QueueStats

SAMPLE_EVERY_S = 5.0
APPEND_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0]
BATCH_ENTRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256]

log = structlog.get_logger("hitl.shard")


class ShardMetrics:
    """A watcher that counts what becomes durable and how long it takes."""

    def __init__(self, shard: str) -> None:
        self._shard, tags = shard, ("shard",)
        self._commits = Counter("hitl_journal_commits", "Commands whose effect is durable.", ("shard", "command"))
        self._seconds = Histogram("hitl_journal_append_seconds", "Duration of one append.", APPEND_SECONDS, tags)
        self._entries = Histogram("hitl_journal_append_entries", "Entries of one append.", BATCH_ENTRIES, tags)

    def replayed(self, seq: int, effect: Effect[Any]) -> None:
        """History is counted by who wrote it."""

    def committed(self, seq: int, effect: Effect[Any]) -> None:
        self._commits.inc(1, {"shard": self._shard, "command": effect.command})
        log.debug(
            "committed",
            shard=self._shard,
            seq=seq,
            command=effect.command,
            by=effect.by,
            request_id=effect.request_id,
            events=[type_of(event) for event in effect.events],
        )

    def appended(self, entries: int, seconds: float) -> None:
        if entries:
            self._seconds.observe(seconds, {"shard": self._shard})
            self._entries.observe(entries, {"shard": self._shard})


class ShardGauges:
    """Samples a shard's place and, of a review shard, its queues."""

    def __init__(self, shard: Shard[Any], name: str) -> None:
        self._shard, self._name = shard, name
        self._seq = Gauge("hitl_journal_seq", "Last entry of the journal.", ("shard",))
        self._waiting = Gauge("hitl_commands_waiting", "Commands that are not decided yet.", ("shard",))

    async def run(self) -> None:
        """Sample until cancelled; skips what cannot answer."""
        while True:
            try:
                await self.sample()
            except Unavailable as error:
                log.debug("not sampled", shard=self._name, why=str(error))
            await asyncio.sleep(SAMPLE_EVERY_S)

    async def sample(self) -> None:
        self._seq.set(self._shard.seq, {"shard": self._name})
        self._waiting.set(self._shard.waiting, {"shard": self._name})


class QueueGauges(ShardGauges):
    """Depth, age and leases of each queue of one review shard."""

    def __init__(self, shard: Shard[Any], name: str) -> None:
        super().__init__(shard, name)
        tags = ("shard", "queue")
        self._depth = Gauge("hitl_queue_depth", "Reviews that wait for a person.", tags)
        self._age = Gauge("hitl_queue_oldest_age_seconds", "Age of the oldest review that waits.", tags)
        self._leases = Gauge("hitl_queue_leases", "Reviews that a person holds.", tags)

    async def sample(self) -> None:
        await super().sample()
        stats = await self._shard.ask(QueueStats())
        for queue, figures in stats.queues.items():
            tags = {"shard": self._name, "queue": queue}
            self._depth.set(figures.waiting, tags)
            self._age.set(figures.oldest_age_s or 0.0, tags)
            self._leases.set(figures.leased, tags)
