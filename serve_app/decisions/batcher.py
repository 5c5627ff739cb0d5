"""Collect requests into micro-batches: those that arrive while one is running make the next. No timer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Generic, TypeVar

from hitl.errors import HitlError, Overloaded

MAX_ROWS = 64
MAX_WAITING = 2048
"""About half a second of work on one core; beyond it waiting would only make answers late."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Hands what waits to ``handle``, at most ``max_rows`` at a time, one batch at a time and in the order of arrival.

    ``handle`` returns a result or an exception for each item, in order, and may be asked again for the same ones: what it did
    not foresee may be one item's, so that each is then handled alone. It runs in the batcher's own task: a request that is
    cancelled stops waiting and changes nothing about its batch.
    """

    def __init__(
        self,
        handle: Callable[[list[Item]], Awaitable[list[Result | Exception]]],
        max_rows: int = MAX_ROWS,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._handle, self._max_rows, self._max_waiting = handle, max_rows, max_waiting
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Return the result for ``item``. Raises what ``handle`` gave for it, or Overloaded at once when too many wait."""
        return await self.enqueue(item)

    def require_room(self, count: int) -> None:
        """Raises Overloaded when ``count`` more could not wait."""
        if len(self._waiting) + count > self._max_waiting:
            raise Overloaded("the gateway's queue", self._max_waiting)

    def enqueue(self, item: Item) -> asyncio.Future[Result]:
        """``submit`` in two steps: the place is taken now. Raises Overloaded."""
        self.require_room(1)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run(), context=Context())  # no request's own context: the batch is of many
        return future

    async def drain(self) -> None:
        """Return when everything that waits has its answer."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                count = min(self._max_rows, len(self._waiting))
                await self._serve([self._waiting.popleft() for _ in range(count)])
        finally:
            self._task = None

    async def _serve(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        for (_, future), result in zip(batch, await self._results([item for item, _ in batch]), strict=True):
            _settle(future, result)

    async def _results(self, items: list[Item]) -> list[Result | Exception]:
        try:
            return await self._handle(items)
        except Exception as error:  # noqa: BLE001 - whatever it is, its callers get it, and the next batch runs
            if len(items) == 1 or isinstance(error, HitlError):  # of ours: the store is away, say, which concerns all alike
                return [error] * len(items)
        return [result for item in items for result in await self._results([item])]


def _settle(future: "asyncio.Future[Result]", result: Result | Exception) -> None:
    if future.done():  # the request was cancelled
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
