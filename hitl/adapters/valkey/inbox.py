"""Inboxes in Valkey: a sorted set of notices for each address, and a set of read marks for each reader."""

import json
import time
from collections.abc import Callable, Sequence
from string import Template
from typing import cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import store_errors
from hitl.canonical import canonical
from hitl.outbox.delivery import Delivery
from hitl.outbox.inbox import Notice

KEEP = 1_000
"""Notices an address."""

KEEP_MARKS = 10_000
"""A reader: more than the notices of all their addresses."""

KEEP_S = 90 * 86_400


class ValkeyInbox:
    """A hitl.outbox.inbox.Inbox."""

    def __init__(self, client: Redis, wall: Callable[[], float] = time.time) -> None:
        self._client, self._wall = client, wall

    async def add(self, addresses: Sequence[str], delivery: Delivery) -> None:
        """Put the notice into each address; the same one again changes nothing."""
        notice = {"title": delivery.title, "severity": delivery.severity, "kind": delivery.kind, "data": _data(delivery)}
        pipeline = self._client.pipeline(transaction=True)
        pipeline.set(names.outbox(f"notice:{delivery.id}"), canonical({**notice, "at": delivery.created_at}), ex=KEEP_S, nx=True)
        for address in addresses:
            key = names.outbox(f"inbox:{address}")
            pipeline.zadd(key, {delivery.id: delivery.created_at}, nx=True)
            pipeline.zremrangebyrank(key, 0, -KEEP - 1)
        with store_errors():
            await pipeline.execute()

    async def notices(self, addresses: list[str], reader: str, limit: int) -> list[Notice]:
        with store_errors():
            found = [await self._newest(address, limit) for address in addresses]
            ids = list(dict.fromkeys(each.decode() for page in found for each in page))
            texts = cast(list[bytes | None], await self._client.mget([names.outbox(f"notice:{i}") for i in ids]) if ids else [])
            marks = await self._client.zmscore(names.outbox(f"read:{reader}"), ids) if ids else []
        rows = [_notice(i, t, m) for i, t, m in zip(ids, texts, marks, strict=True) if t is not None]
        return sorted(rows, key=lambda notice: (notice.at, notice.id), reverse=True)[:limit]

    async def _newest(self, address: str, limit: int) -> list[bytes]:
        return cast(list[bytes], await self._client.zrange(names.outbox(f"inbox:{address}"), 0, limit - 1, desc=True))

    async def mark_read(self, reader: str, notice_ids: list[str]) -> None:
        key = names.outbox(f"read:{reader}")
        pipeline = self._client.pipeline(transaction=True)
        pipeline.zadd(key, dict.fromkeys(notice_ids, self._wall()), nx=True)
        pipeline.zremrangebyrank(key, 0, -KEEP_MARKS - 1)
        with store_errors():
            await pipeline.execute()


class InboxSender:
    """A hitl.outbox.Sender into the inboxes of ``addresses``, which may name fields of what is told: ``user:$person``."""

    def __init__(self, inbox: ValkeyInbox, addresses: Sequence[str]) -> None:
        self._inbox, self._addresses = inbox, tuple(addresses)

    async def send(self, delivery: Delivery) -> None:
        fields = {name: str(value) for name, value in _data(delivery).items()}
        await self._inbox.add([Template(each).safe_substitute(fields) for each in self._addresses], delivery)


def _data(delivery: Delivery) -> dict[str, object]:
    extra = {name: delivery.body[name] for name in ("instead_of",) if name in delivery.body}
    return {**cast(dict[str, object], delivery.body.get("data", {})), **extra}


def _notice(notice_id: str, text: bytes, mark: float | None) -> Notice:
    return Notice(id=notice_id, **json.loads(text), is_read=mark is not None)
