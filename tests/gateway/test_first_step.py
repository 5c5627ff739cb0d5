"""A limit for what waits, and none set up for what does not."""

import asyncio

import pytest

from serve_app.http.first_step import within


async def test_what_is_there_is_given_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "timeout", None)

    async def there() -> int:
        return 7

    assert await within(1.0, there) == 7


async def test_what_comes_later_is_waited_for() -> None:
    event = asyncio.Event()

    async def later() -> int:
        await event.wait()
        await asyncio.sleep(0)
        return 7

    asyncio.get_running_loop().call_soon(event.set)
    assert await within(30.0, later) == 7


async def test_what_never_comes_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        await within(0.01, asyncio.Event().wait)


@pytest.mark.parametrize("does_wait", [False, True])
async def test_what_is_raised_rises(does_wait: bool) -> None:
    async def fail() -> None:
        if does_wait:
            await asyncio.sleep(0)
        raise ValueError("a test's")

    with pytest.raises(ValueError):
        await within(1.0, fail)


async def test_a_cancelled_wait_ends_the_coroutine_that_waits() -> None:
    ended = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = asyncio.create_task(within(30.0, wait))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert (task.cancelled(), ended) == (True, [True])
