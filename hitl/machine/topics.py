"""Callers that wait until something they named changes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

TOPIC_FIELDS = ("case_id", "review_id", "approval_id", "task", "interaction_id", "workflow_id", "channel")
"""The fields of an event whose values are the topics that it touches."""


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

    def touch(self, events: Iterable[dict[str, Any]]) -> None:
        """Wake who waits for a topic of ``events``."""
        if self._waiting:
            for event in events:
                for name in TOPIC_FIELDS:
                    self._wake(event.get(name))

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
