"""Counters in Valkey, by day and in total, updated together with the position that was read."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TypeAlias, cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.canonical import canonical
from hitl.metrics.cases import Smoothed
from hitl.metrics.gains import Gains, Start

KEEP_DAYS_S = 800 * 86_400
SEPARATOR = "\x1f"
"""Between task and counter: neither has it."""

Part: TypeAlias = str | bytes | int | float
"""What a script takes."""

Counts = dict[str, dict[str, float]]
"""Task → counter → value."""


class ValkeyMetrics:
    """Every method raises StoreUnavailable."""

    def __init__(self, client: Redis) -> None:
        self._client, self._advance = client, script(client, "metrics_advance")

    async def cursor(self, source: str) -> int:
        with store_errors():
            return int(await self._client.hget(names.metrics("cursors"), source) or 0)

    async def starts(self, ids: Sequence[str]) -> dict[str, Start]:
        """The remembered starts of those of ``ids`` that have one."""
        if not ids:
            return {}
        with store_errors():
            found = cast(list[bytes | None], await self._client.hmget(names.metrics("starts"), list(ids)))
        return {each: Start(**json.loads(text)) for each, text in zip(ids, found, strict=True) if text is not None}

    async def smoothed(self) -> dict[str, dict[str, Smoothed]]:
        """Source → task → its moving average."""
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.metrics("averages")))
        found: dict[str, dict[str, Smoothed]] = defaultdict(dict)
        for field, text in stored.items():
            source, _, task = field.decode().partition(SEPARATOR)
            found[source][task] = Smoothed(**json.loads(text))
        return found

    async def advance(self, source: str, expected: int, to: int, gains: Gains, smoothed: Mapping[str, Smoothed]) -> bool:
        """False, and nothing done, when ``source`` was read further by somebody else."""
        days = sorted({day for day, _, _ in gains.counts})
        counts = _flat((days.index(day) + 1, _field(task, name), n) for (day, task, name), n in gains.counts.items())
        starts = _flat((each, _json(start)) for each, start in gains.started.items() if each not in gains.ended)
        averages = _flat((_field(source, task), _json(each)) for task, each in smoothed.items())
        keys = [names.metrics(part) for part in ("cursors", "starts", "averages", "all")]
        head: list[Part] = [source, expected, to, KEEP_DAYS_S]
        rest: list[Part] = [len(counts) // 3, *counts, len(starts) // 2, *starts, len(averages) // 2, *averages, *gains.ended]
        with store_errors():
            done = await self._advance(keys=keys + [names.metrics(f"day:{day}") for day in days], args=[*head, *rest])
        return bool(done)

    async def counts(self, days: Sequence[str] | None = None) -> Counts:
        """Return the counters of all time, or those of ``days`` added up."""
        keys = [names.metrics("all")] if days is None else [names.metrics(f"day:{day}") for day in days]
        pipeline = self._client.pipeline(transaction=False)
        for key in keys:
            pipeline.hgetall(key)
        with store_errors():
            pages = cast(list[dict[bytes, bytes]], await pipeline.execute())
        found: Counts = defaultdict(lambda: defaultdict(float))
        for field, value in (pair for page in pages for pair in page.items()):
            task, _, name = field.decode().partition(SEPARATOR)
            found[task][name] += float(value)
        return {task: dict(counters) for task, counters in found.items()}


def _flat(rows: Iterable[tuple[Part, ...]]) -> list[Part]:
    return [part for row in rows for part in row]


def _field(first: str, second: str) -> str:
    return f"{first}{SEPARATOR}{second}"


def _json(value: Start | Smoothed) -> bytes:
    return canonical(asdict(value))
