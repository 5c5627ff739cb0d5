"""The endless stream of one queue's messages from a cursor: one long poll for each shard, no buffer for slow readers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypedDict

from hitl.errors import Unavailable
from hitl.identity import Principal
from hitl.machine.shards import Shards, review_shard
from hitl.review import QueueNews, task_of
from hitl.review.views import QueueChange, QueueChanges
from serve_app.api.live import feed
from serve_app.api.live.feed import PAUSE_S, POLL_S

Cursor = list[int | None]
Who = Callable[[], Awaitable[Principal]]


class QueueMessage(TypedDict):
    """One message of a queue's stream, as it is sent; ``cursor`` None: more of its page follow."""

    type: str
    data: dict[str, str]
    cursor: str | None


async def queue_messages(shards: Shards, queue: str, who: Who, cursor: Cursor) -> AsyncIterator[QueueMessage]:
    """Yield ``{"type", "data", "cursor"}``: ``review_new``, ``review_withdrawn``, ``lease_lost`` for whoever held it, and
    ``resync`` where some messages are too old to be had. ``cursor`` has a position for each shard, None: from now on. ``who`` is
    asked again before each message and every RECHECK_S; the stream ends with what it raises."""
    positions = list(cursor)
    polls = {shard: _poll(shards, queue, shard, after) for shard, after in enumerate(positions)}
    try:
        while True:
            await asyncio.wait(polls.values(), timeout=feed.RECHECK_S, return_when=asyncio.FIRST_COMPLETED)
            person = await who()
            for shard in [shard for shard, poll in polls.items() if poll.done()]:
                found = polls[shard].result()
                positions[shard] = found.cursor
                for message in _messages(found, person, positions):
                    yield message
                polls[shard] = _poll(shards, queue, shard, positions[shard])
    finally:
        for poll in polls.values():
            poll.cancel()
        await asyncio.gather(*polls.values(), return_exceptions=True)


def _poll(shards: Shards, queue: str, shard: int, after: int | None) -> asyncio.Task[QueueChanges]:
    return asyncio.create_task(_found(shards, queue, shard, after))


async def _found(shards: Shards, queue: str, shard: int, after: int | None) -> QueueChanges:
    """Return the shard's news once there are some; while it recovers, it is waited for."""
    while True:
        try:
            return await shards.wait(review_shard(shard), task_of(queue), QueueNews(queue, after), POLL_S)
        except Unavailable:
            await asyncio.sleep(PAUSE_S)


def _messages(found: QueueChanges, person: Principal, positions: Cursor) -> list[QueueMessage]:
    """The last one of a page carries the cursor behind it: who leaves in between reads the page again."""
    kept = [each for each in found.changes if each.person in (None, person.id)]
    told: list[QueueMessage] = [{"type": each.kind, "data": _data(each), "cursor": None} for each in kept]
    if not found.is_complete:
        told = [{"type": "resync", "data": {}, "cursor": None}]
    if told:
        told[-1]["cursor"] = ".".join("" if position is None else str(position) for position in positions)
    return told


def _data(change: QueueChange) -> dict[str, str]:
    return {"queue": change.queue, "review_id": change.review_id, "priority": change.priority.value}
