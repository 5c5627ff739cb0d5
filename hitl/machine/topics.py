"""Callers that wait until something they named changes."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from hitl.errors import NotFound

TOPIC_FIELDS = ("case_id", "review_id", "approval_id", "task", "interaction_id", "workflow_id", "channel")
"""The fields of an event whose values are the topics that it touches."""


Answer = Any


class Until:
    """A moment ``timeout_s`` from now on the ``monotonic`` clock."""

    def __init__(self, monotonic: Callable[[], float], timeout_s: float) -> None:
        self._monotonic, self._end = monotonic, monotonic() + timeout_s

    def left_s(self) -> float:
        """Seconds; not above 0 once it is past."""
        return self._end - self._monotonic()


class Topics:
    """One future for each waiting caller, by topic."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    async def changed(self, topic: str, timeout_s: float) -> None:
        """Return when an event touches ``topic``, or after ``timeout_s``."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[topic].add(future)
        try:
            await asyncio.wait([future], timeout=timeout_s)
        finally:
            self._forget(topic, future)

    async def until_done(
        self, topic: str, ask: Callable[[], Awaitable[Answer]], is_done: Callable[[Answer], bool], until: "Until"
    ) -> Answer:
        """Return what ``ask`` answers as soon as it ``is_done``, else the last one when time is over. NotFound may pass
        meanwhile."""
        while True:
            left_s = until.left_s()
            try:
                answer = await ask()
                if is_done(answer) or left_s <= 0:
                    return answer
            except NotFound:
                if left_s <= 0:
                    raise
            await self.changed(topic, left_s)

    def touch(self, events: Iterable[Any]) -> None:
        """Wake who waits for a topic of ``events``."""
        if self._waiting:
            for event in events:
                find = event.get if isinstance(event, dict) else partial(getattr, event)
                for name in TOPIC_FIELDS:
                    self._wake(find(name, None))

    def touch_all(self) -> None:
        for topic in list(self._waiting):
            self._wake(topic)

    def _wake(self, topic: object) -> None:
        for future in self._waiting.get(topic, ()) if isinstance(topic, str) else ():
            if not future.done():
                future.set_result(None)

    def _forget(self, topic: str, future: asyncio.Future[None]) -> None:
        self._waiting[topic].discard(future)
        if not self._waiting[topic]:
            del self._waiting[topic]
