"""Wrap a function to record its calls; signature, kind, values, exceptions and cancellation stay the same.

The current operation is set only while the function's own code runs: between two items of a generator the consumer's
code is not inside it.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar, cast

from hitl.tracking.scope import OpenSpan, Operation, Submit, begin, leave, picture

F = TypeVar("F", bound=Callable[..., Any])
MAX_KEPT = 200
"""Items of a stream whose pictures are kept as its output: the first ones and, beyond the limit, the last."""


def wrapped(fn: F, operation: Operation, submit: Submit) -> F:
    """Return ``fn``, reporting each call as ``operation`` to ``submit``, which must never block or raise."""
    if inspect.iscoroutinefunction(fn):
        told = _coroutine(fn, operation, submit)
    elif inspect.isasyncgenfunction(fn):
        told = _async_generator(fn, operation, submit)
    elif inspect.isgeneratorfunction(fn):
        told = _generator(fn, operation, submit)
    else:
        told = _plain(fn, operation, submit)
    return cast(F, functools.wraps(fn)(told))


def _plain(fn: Callable[..., Any], operation: Operation, submit: Submit) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        span = begin(operation, submit, args, kwargs)
        with _Told(span):
            result = fn(*args, **kwargs)
        span.succeed(picture(result))
        return result

    return call


def _coroutine(fn: Callable[..., Awaitable[Any]], operation: Operation, submit: Submit) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        span = begin(operation, submit, args, kwargs)
        with _Told(span):
            result = await fn(*args, **kwargs)
        span.succeed(picture(result))
        return result

    return call


def _generator(fn: Callable[..., Iterator[Any]], operation: Operation, submit: Submit) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        span = begin(operation, submit, args, kwargs)
        seen = _Stream(span)
        inner = cast("Any", fn(*args, **kwargs))
        step: Callable[[], Any] = functools.partial(next, inner)
        while True:
            try:
                with _Told(span, seen, StopIteration):
                    item = step()
            except StopIteration as stop:
                span.succeed(seen.outputs(stop.value))
                return stop.value
            seen.add(item)
            try:
                step = functools.partial(inner.send, (yield item))
            except GeneratorExit as closed:
                _close(inner, span, seen, closed)
                raise
            except BaseException as error:  # noqa: BLE001 - thrown in by the consumer, passed on to the generator
                step = functools.partial(inner.throw, error)

    return call


def _close(inner: Any, span: OpenSpan, seen: "_Stream", closed: BaseException) -> None:
    with _Told(span, seen):
        inner.close()
    span.fail(closed, seen.outputs())


def _async_generator(fn: Callable[..., AsyncIterator[Any]], operation: Operation, submit: Submit) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        span = begin(operation, submit, args, kwargs)
        seen = _Stream(span)
        inner = cast("Any", fn(*args, **kwargs))
        step: Callable[[], Awaitable[Any]] = inner.__anext__
        while True:
            try:
                with _Told(span, seen, StopAsyncIteration):
                    item = await step()
            except StopAsyncIteration:
                span.succeed(seen.outputs())
                return
            seen.add(item)
            try:
                step = functools.partial(inner.asend, (yield item))
            except GeneratorExit as closed:
                await _aclose(inner, span, seen, closed)
                raise
            except BaseException as error:  # noqa: BLE001 - thrown in by the consumer, passed on to the generator
                step = functools.partial(inner.athrow, error)

    return call


async def _aclose(inner: Any, span: OpenSpan, seen: "_Stream", closed: BaseException) -> None:
    with _Told(span, seen):
        await inner.aclose()
    span.fail(closed, seen.outputs())


class _Told:
    """Inside, ``span`` is the current operation; an exception ends it, unless it is the ``end`` of a stream."""

    __slots__ = ("_end", "_entered", "_seen", "_span")

    def __init__(self, span: OpenSpan, seen: "_Stream | None" = None, end: type[BaseException] | None = None) -> None:
        self._span, self._seen, self._end = span, seen, end

    def __enter__(self) -> None:
        self._entered = self._span.enter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        leave(self._entered)
        if error is not None and (self._end is None or not isinstance(error, self._end)):
            self._span.fail(error, None if self._seen is None else self._seen.outputs())


class _Stream:
    """The items of a generator as one output: joined where they are all text."""

    def __init__(self, span: OpenSpan) -> None:
        self._span, self._kept, self._count = span, list[Any](), 0

    def add(self, item: Any) -> None:
        self._count += 1
        kept = picture(item)
        if len(self._kept) < MAX_KEPT:
            self._kept.append(kept)
        else:
            self._kept[-1] = kept

    def outputs(self, returned: Any = None) -> Any:
        self._span.notes["metrics"] = {"items": self._count, **self._span.notes.get("metrics", {})}
        whole: Any = list(self._kept)
        if self._count <= MAX_KEPT and whole and all(isinstance(item, str) for item in whole):
            whole = picture("".join(whole))
        return whole if returned is None else {"items": whole, "returned": picture(returned)}
