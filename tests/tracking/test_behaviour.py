"""A decorated function behaves as the bare one: values, exceptions, signature, kind, cancellation."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hitl.tracking as tracking
from hitl.tracking import process
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from tests.tracking.conftest import MemorySink

pytestmark = pytest.mark.covers("D37", "004-01")
DECORATORS = (
    tracking.track_text,
    tracking.track_vision,
    tracking.track_image_generation,
    tracking.track_rag,
    tracking.track_custom,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner) | st.sets(st.integers()),
    max_leaves=8,
)
ERRORS = st.sampled_from(
    [ValueError, KeyError, RuntimeError, StopIteration, GeneratorExit, KeyboardInterrupt, SystemExit, LookupError]
)
HERE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", autouse=True)
def enabled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    where = tmp_path_factory.mktemp("buffer")
    tracker = Tracker(TrackingSettings(switch=True, uri="memory", buffer_dir=where), open_sink=lambda _: MemorySink())
    process.use(tracker)
    yield
    tracker.close(5)
    process.use(None)


def _outcome(call: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "returned", call()
    except BaseException as error:  # noqa: BLE001 - the property is about every exception
        return "raised", error


@given(value=VALUES, extra=st.dictionaries(st.text(min_size=1), VALUES), which=st.sampled_from(DECORATORS))
@HERE
def test_arguments_and_results_are_the_very_same_objects(value: Any, extra: dict[str, Any], which: Any) -> None:
    seen = []

    def bare(*args: Any, **kwargs: Any) -> Any:
        seen.append((args, kwargs))
        return value

    assert which("f", "op")(bare)(value, **extra) is value
    assert seen[0][0][0] is value
    assert all(seen[0][1][key] is extra[key] for key in extra)


@given(kind=ERRORS, which=st.sampled_from(DECORATORS))
@HERE
def test_an_exception_arrives_as_itself(kind: type[BaseException], which: Any) -> None:
    error = kind("x")

    def bare() -> None:
        raise error

    assert _outcome(which("f", "op")(bare)) == ("raised", error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_signature_name_doc_kind_and_annotations_are_kept() -> None:
    def plain(a: int, /, b: str = "x", *c: int, d: float = 1.0, **e: Any) -> bool:
        """Doc."""
        return True

    async def coroutine(a: int) -> int:
        return a

    def generator(a: int) -> Iterator[int]:
        yield a

    async def async_generator(a: int) -> AsyncIterator[int]:
        yield a

    for bare in (plain, coroutine, generator, async_generator):
        told = tracking.track_custom("f", "op")(bare)
        assert inspect.signature(told) == inspect.signature(bare)
        assert (told.__name__, told.__doc__, told.__module__) == (bare.__name__, bare.__doc__, bare.__module__)
        for ask in (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction):
            assert ask(told) == ask(bare)


def test_methods_static_methods_and_class_methods_keep_their_binding() -> None:
    class Thing:
        @tracking.track_custom("f", "op")
        def method(self) -> Any:
            return self

        @tracking.track_custom("f", "op")
        @classmethod
        def of_class(cls) -> Any:
            return cls

        @tracking.track_custom("f", "op")
        @staticmethod
        def alone(x: int) -> int:
            return x

    thing = Thing()
    assert (thing.method(), thing.of_class(), Thing.alone(3)) == (thing, Thing, 3)


MOVES = st.lists(st.tuples(st.sampled_from(["next", "send", "throw"]), st.integers(0, 9)), max_size=8)


def _machine(steps: int, swallows: bool) -> Callable[[], Any]:
    def bare() -> Any:
        total = 0
        for step in range(steps):
            try:
                got = yield (step, total)
                total += got or 0
            except ValueError:
                if not swallows:
                    raise
                total += 100
        return total

    return bare


def _play(generator: Any, moves: list[tuple[str, int]]) -> list[tuple[str, str]]:
    told = []
    for move, value in moves:
        calls = {"next": lambda: next(generator), "send": lambda v=value: generator.send(v)}
        calls["throw"] = lambda v=value: generator.throw(ValueError(str(v)))
        kind, what = _outcome(calls[move])
        told.append((kind, repr(what)))
    told.append(("closed", repr(_outcome(generator.close))))
    return told


@given(moves=MOVES, steps=st.integers(0, 4), swallows=st.booleans())
@HERE
def test_a_generator_answers_next_send_throw_and_close_as_the_bare_one(moves: Any, steps: int, swallows: bool) -> None:
    bare = _machine(steps, swallows)
    assert _play(tracking.track_text("f", "op")(bare)(), moves) == _play(bare(), moves)


def _async_machine(steps: int, swallows: bool) -> Callable[[], Any]:
    async def bare() -> Any:
        total = 0
        for step in range(steps):
            await asyncio.sleep(0)
            try:
                got = yield (step, total)
                total += got or 0
            except ValueError:
                if not swallows:
                    raise
                total += 100

    return bare


async def _play_async(generator: Any, moves: list[tuple[str, int]]) -> list[str]:
    told = []
    for move, value in moves:
        calls = {"next": generator.__anext__, "send": lambda v=value: generator.asend(v)}
        calls["throw"] = lambda v=value: generator.athrow(ValueError(str(v)))
        try:
            told.append(repr(await calls[move]()))
        except BaseException as error:  # noqa: BLE001 - the property is about every exception
            told.append(repr(error))
    told.append(repr(await generator.aclose()))
    return told


@given(moves=MOVES, steps=st.integers(0, 4), swallows=st.booleans())
@HERE
def test_an_async_generator_answers_as_the_bare_one(moves: Any, steps: int, swallows: bool) -> None:
    bare = _async_machine(steps, swallows)

    async def both() -> tuple[list[str], list[str]]:
        return await _play_async(tracking.track_text("f", "op")(bare)(), moves), await _play_async(bare(), moves)

    told, plain = asyncio.run(both())
    assert told == plain


@given(value=VALUES, kind=st.none() | st.sampled_from([ValueError, KeyError, RuntimeError, StopAsyncIteration, LookupError]))
@HERE
def test_a_coroutine_gives_the_very_same_object_or_exception(value: Any, kind: type[BaseException] | None) -> None:
    error = kind("x") if kind else None

    async def bare(given: Any) -> Any:
        await asyncio.sleep(0)
        if error is not None:
            raise error
        return given

    how, what = _outcome(lambda: asyncio.run(_awaited(tracking.track_text("f", "op")(bare), value)))
    assert how == ("raised" if error else "returned")
    assert what is (error or value)


async def _awaited(fn: Callable[..., Any], *args: Any) -> Any:
    return await fn(*args)


def _patient(steps: int, swallows: int) -> Callable[[], Any]:
    """A coroutine of ``steps`` turns that swallows its first ``swallows`` cancellations."""

    async def bare() -> int:
        left = swallows
        for _ in range(steps):
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                if not left:
                    raise
                left -= 1
        return left

    return bare


async def _cancelled(fn: Callable[[], Any], at: list[int]) -> tuple[bool, Any]:
    """How a task of ``fn`` ends that is cancelled at these turns."""
    task = asyncio.create_task(fn())
    for turn in range(12):
        if turn in at:
            task.cancel()
        await asyncio.sleep(0)
    return task.cancelled(), None if task.cancelled() else task.result()


@given(steps=st.integers(0, 5), swallows=st.integers(0, 2), at=st.lists(st.integers(0, 8), max_size=3))
@HERE
def test_a_cancellation_at_any_turn_ends_as_in_the_bare_function(steps: int, swallows: int, at: list[int]) -> None:
    bare = _patient(steps, swallows)

    async def both() -> tuple[Any, Any]:
        return await _cancelled(tracking.track_text("f", "op")(bare), at), await _cancelled(bare, at)

    told, plain = asyncio.run(both())
    assert told == plain


async def test_an_async_generator_cancelled_between_items_cleans_up_as_the_bare_one() -> None:
    seen = []

    @tracking.track_text("f", "op")
    async def stream() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.sleep(60)
        finally:
            seen.append("cleaned up")

    async def consume() -> None:
        async for item in stream():
            seen.append(item)

    task = asyncio.create_task(consume())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [1, "cleaned up"]


async def test_a_cancelled_call_is_cancelled_inside_and_outside() -> None:
    seen = []

    @tracking.track_text("f", "op")
    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("inside")
            raise

    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (seen, task.cancelled()) == (["inside"], True)


def test_hostile_values_are_pictured_without_running_their_code() -> None:
    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise SystemError(name)

        def __repr__(self) -> str:
            raise SystemError("repr")

        def __iter__(self) -> Any:
            raise SystemError("iter")

    value = Hostile()
    assert tracking.track_custom("f", "op")(lambda x: x)(value) is value


def test_a_loop_in_the_arguments_and_a_huge_list_cost_no_more_than_the_limits() -> None:
    loop: list[Any] = list(range(1_000_000))
    loop[0] = loop
    assert tracking.track_custom("f", "op")(len)(loop) == 1_000_000
