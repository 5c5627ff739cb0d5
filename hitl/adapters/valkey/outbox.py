"""The outbox in Valkey: deliveries with their due times and attempts, and the cursor of each source."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import script, store_errors
from hitl.adapters.valkey.rows import Row, rows_after, seq_of
from hitl.canonical import canonical
from hitl.errors import NotFound, Overloaded
from hitl.journal.entry import GENESIS
from hitl.outbox.delivery import Attempt, AttemptResult, Delivery, DeliveryStatus, LoggedAttempt, again
from hitl.outbox.ports import Put

MAX_WAITING = 100_000
"""Deliveries: at two kilobytes each they take 200 MB. The journals wait, and nothing is lost."""

KEEP_FINISHED = 20_000
"""Delivered ones, and as many dead ones, the newest of each."""

KEEP_LOG = 100_000
REMEMBER_PUTS_S = 30 * 86_400

Part: TypeAlias = str | bytes | int | float
"""What a script takes."""

SETS = {DeliveryStatus.WAITING: "due", DeliveryStatus.DEAD: "dead", DeliveryStatus.DELIVERED: "done"}


class ValkeyOutbox:
    """A hitl.outbox.ports.Store and hitl.outbox.Outbox; the rest is for those who look and for replays."""

    def __init__(self, client: Redis, wall: Callable[[], float] = time.time) -> None:
        self._client, self._wall = client, wall
        parts = ("enqueue", "take", "settle", "replay", "put")
        self._run = {name: script(client, f"outbox_{name}") for name in parts}

    async def put(self, message_id: str, kind: str, payload: Mapping[str, object]) -> bool:
        keys = [names.outbox(f"put:{message_id}"), names.outbox("puts"), names.outbox("last_put")]
        args: list[Part] = [message_id, kind, self._wall(), canonical(payload), REMEMBER_PUTS_S, MAX_WAITING]
        with store_errors():
            verdict = await self._run["put"](keys=keys, args=args)
        if verdict < 0:
            raise Overloaded("the outbox", MAX_WAITING)
        return bool(verdict)

    async def puts(self, after_seq: int, limit: int) -> list[Put]:
        """Return up to ``limit`` of what was put after position ``after_seq``, in order."""
        rows = await rows_after(self._client, names.outbox("puts"), after_seq, limit)
        return [
            Put(seq_of(row), row[1][b"i"].decode(), row[1][b"k"].decode(), float(row[1][b"a"]), json.loads(row[1][b"p"]))
            for row in rows
        ]

    async def forget_puts(self, up_to: int) -> None:
        """Drop what was put up to position ``up_to``: its deliveries stand."""
        with store_errors():
            await self._client.xtrim(names.outbox("puts"), minid=f"{up_to + 1}-0", approximate=False)

    async def born(self) -> float:
        """Return the time when this outbox first ran; earlier events are history, and nobody is notified of them."""
        with store_errors():
            await self._client.set(names.outbox("born"), repr(self._wall()), nx=True)
            return float(cast(bytes, await self._client.get(names.outbox("born"))))

    async def cursor(self, source: str) -> tuple[int, str]:
        with store_errors():
            stored = cast(bytes | None, await self._client.hget(names.outbox("cursors"), source))
        seq, _, head = (stored or b"").decode().partition(" ")
        return (int(seq), head) if seq else (0, GENESIS)

    async def enqueue(self, source: str, expected_seq: int, cursor: tuple[int, str], deliveries: Sequence[Delivery]) -> bool:
        keys = [names.outbox(part) for part in ("cursors", "deliveries", "due", "counts")]
        rows = [part for delivery in deliveries for part in _row(delivery)]
        with store_errors():
            verdict = await self._run["enqueue"](
                keys=keys, args=[source, expected_seq, f"{cursor[0]} {cursor[1]}", MAX_WAITING, *rows]
            )
        if verdict == b"FULL":
            raise Overloaded("the outbox", MAX_WAITING)
        return bool(verdict == b"OK")

    async def take_due(self, now: float, limit: int, hold_s: float) -> list[Delivery]:
        keys = [names.outbox("deliveries"), names.outbox("due")]
        with store_errors():
            found = await self._run["take"](keys=keys, args=[now, limit, now + hold_s])
        return [_delivery(text) for text in found]

    async def settled(self, settled: AttemptResult, attempt: Attempt) -> None:
        done = settled.delivery
        keys = [names.outbox(part) for part in ("deliveries", "due", "dead", "done", "log", "counts")]
        error = attempt.error or ""
        how: list[Part] = [attempt.at, round(attempt.seconds, 4), error, done.attempts, done.channel, KEEP_LOG, KEEP_FINISHED]
        also = [part for delivery in settled.also for part in _row(delivery)]
        args: list[Part] = [done.id, canonical(done.plain()), done.status.value, done.next_at, *how, *also]
        with store_errors():
            await self._run["settle"](keys=keys, args=args)

    async def replay(self, delivery_id: str) -> bool:
        """Make a finished delivery due now; False when it waits already. Raises NotFound."""
        delivery = again(await self.find(delivery_id), self._wall())
        keys = [names.outbox(part) for part in ("deliveries", "due", "dead", "done", "counts")]
        with store_errors():
            return bool(await self._run["replay"](keys=keys, args=_row(delivery)))

    async def find(self, delivery_id: str) -> Delivery:
        """Raises NotFound."""
        with store_errors():
            text = cast(bytes | None, await self._client.hget(names.outbox("deliveries"), delivery_id))
        if text is None:
            raise NotFound("delivery", delivery_id)
        return _delivery(text)

    async def deliveries(self, status: DeliveryStatus, offset: int, limit: int) -> list[Delivery]:
        """Return the deliveries with ``status``: waiting ones by when they are due, finished ones the newest first."""
        key, newest_first = names.outbox(SETS[status]), status is not DeliveryStatus.WAITING
        with store_errors():
            ids = cast(list[bytes], await self._client.zrange(key, offset, offset + limit - 1, desc=newest_first))
            found = cast(list[bytes | None], await self._client.hmget(names.outbox("deliveries"), ids) if ids else [])
        return [_delivery(text) for text in found if text is not None]

    async def size(self, status: DeliveryStatus) -> int:
        """Count the deliveries with ``status``."""
        with store_errors():
            return int(await self._client.zcard(names.outbox(SETS[status])))

    async def log(self, limit: int) -> list[LoggedAttempt]:
        """Return the newest attempts, the last one first."""
        with store_errors():
            rows = cast(list[Row], await self._client.xrevrange(names.outbox("log"), count=limit))
        return [_attempt(fields) for _, fields in rows]

    async def counts(self) -> dict[str, int]:
        """Return ``enqueued``, ``attempts``, ``retries``, ``delivered``, ``dead``, ``replayed`` so far, and ``waiting`` now."""
        with store_errors():
            stored = cast(dict[bytes, bytes], await self._client.hgetall(names.outbox("counts")))
            waiting = await self._client.zcard(names.outbox("due"))
        so_far = dict.fromkeys(("enqueued", "attempts", "retries", "delivered", "dead", "replayed"), 0)
        return so_far | {name.decode(): int(value) for name, value in stored.items()} | {"waiting": waiting}


def _row(delivery: Delivery) -> list[Part]:
    return [delivery.id, canonical(delivery.plain()), delivery.next_at]


def _delivery(text: bytes) -> Delivery:
    return Delivery.from_plain(json.loads(text))


def _attempt(fields: dict[bytes, bytes]) -> LoggedAttempt:
    row = {name.decode(): value.decode() for name, value in fields.items()}
    return LoggedAttempt(
        id=row["id"],
        channel=row["channel"],
        at=float(row["at"]),
        seconds=float(row["seconds"]),
        attempt=int(row["attempt"]),
        status=DeliveryStatus(row["status"]),
        error=row["error"] or None,
    )
