"""The endless stream of one person's messages from a cursor, for sockets and event streams."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection

from hitl.errors import Unavailable
from hitl.identity import Principal
from hitl.machine.shards import WORKFLOW, Shards
from hitl.workflow.questions import PendingOf
from serve_app.api.live import feed as live
from serve_app.api.live.feed import PAUSE_S, Feed
from serve_app.api.live.messages import LiveMessage, message_of, pending_message

Who = Callable[[], Awaitable[Principal]]
"""The person, asked anew for each batch and while nothing happens: a revoked key hears nothing more. Raises Unauthenticated."""


async def messages(
    shards: Shards, feed: Feed, who: Who, cursor: int | None, followed: Collection[str]
) -> AsyncIterator[LiveMessage]:
    """Without ``cursor`` everything that is pending comes first. While a shard recovers, it waits."""
    while True:
        try:
            if cursor is None:
                first = pending_message(await shards.ask(WORKFLOW, PendingOf(await who())))
                cursor = first.cursor
                yield first
            async with asyncio.timeout(live.RECHECK_S):
                news = await feed.wait_for_changes(cursor)
        except TimeoutError:
            await who()
            continue
        except Unavailable:
            await asyncio.sleep(PAUSE_S)
            continue
        person = await who()
        for message in filter(None, (message_of(change, person, followed) for change in news.changes if news.is_complete)):
            yield message
        cursor = news.cursor if news.is_complete else None
