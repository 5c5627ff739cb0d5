"""Work in a thread ends before whoever waited for it leaves."""

import asyncio
import threading

import pytest

from serve_app.evidence.threads import finish_in_thread


async def test_a_cancelled_caller_leaves_once_the_work_has_ended() -> None:
    began, may_end, ended = threading.Event(), threading.Event(), list[str]()

    def work() -> None:
        began.set()
        assert may_end.wait(10.0)
        ended.append("work")

    async def caller() -> None:
        try:
            await finish_in_thread(work)
        finally:
            ended.append("caller")

    waiting = asyncio.create_task(caller())
    assert await asyncio.to_thread(began.wait, 10.0)
    for _ in range(2):
        waiting.cancel()
        await asyncio.sleep(0.01)
    assert ended == []
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["work", "caller"]


async def test_what_the_work_gives_and_raises_comes_back() -> None:
    assert await finish_in_thread(int, "7") == 7
    with pytest.raises(ValueError, match="seven"):
        await finish_in_thread(int, "seven")
