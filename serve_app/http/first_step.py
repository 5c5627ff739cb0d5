"""Run a coroutine's first step eagerly; set a timeout only if it suspends."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")


async def within(limit_s: float, call: Callable[[], Awaitable[Value]]) -> Value:
    """Return the value of ``call()``. Raises TimeoutError when it takes longer than ``limit_s``. A timer costs more than reading
    a small body, which has nearly always arrived with its head."""
    waiting = _run(call)
    try:
        first = waiting.send(None)
    except StopIteration as done:
        value: Value = done.value
        return value
    async with asyncio.timeout(limit_s):
        return await _rest(waiting, first)


async def _run(call: Callable[[], Awaitable[Value]]) -> Value:
    return await call()


@coroutine
def _rest(waiting: Coroutine[Any, Any, Value], first: Any) -> Generator[Any, Any, Value]:
    """Goes on with a coroutine that yielded ``first`` at its first step."""
    yielded = first
    while True:
        try:
            try:
                sent = yield yielded
            except BaseException as error:  # noqa: BLE001 - a cancellation belongs to the coroutine that waits
                yielded = waiting.throw(error)
            else:
                yielded = waiting.send(sent)
        except StopIteration as done:
            value: Value = done.value
            return value
