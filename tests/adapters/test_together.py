"""Lives beside each other: one failure ends all of them, also one that does not hear the first time."""

import asyncio

import pytest

from hitl.adapters.ray.concurrency import end, run_concurrently
from hitl.errors import Fenced


class Deaf:
    """Loses its first ``deaf`` cancellations, as a task in the middle of a command may."""

    def __init__(self, deaf: int) -> None:
        self.deaf, self.is_over = deaf, False

    async def live(self) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.deaf -= 1
                if self.deaf < 0:
                    self.is_over = True
                    raise


async def _fenced() -> None:
    raise Fenced("s", 1, 2)


async def test_one_failure_ends_a_life_that_loses_its_cancellation() -> None:
    other = Deaf(2)
    with pytest.raises(ExceptionGroup) as left:
        await run_concurrently([other.live(), _fenced()])
    assert [type(error) for error in left.value.exceptions] == [Fenced]
    assert other.is_over


async def test_who_is_cancelled_takes_all_lives_along() -> None:
    others = [Deaf(1), Deaf(0)]
    whole = asyncio.create_task(run_concurrently([other.live() for other in others]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert all(other.is_over for other in others)


@pytest.mark.parametrize("deaf", [0, 1, 2, 3])
async def test_lives_within_lives_are_over_when_the_outer_ones_are(deaf: int) -> None:
    inner = [Deaf(deaf), Deaf(0)]
    whole = [asyncio.create_task(run_concurrently([life.live() for life in inner]))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await end(whole)
    assert whole[0].cancelled()
    assert all(life.is_over for life in inner)


async def test_it_ends_when_all_have_ended() -> None:
    ended: list[int] = []

    async def short(number: int) -> None:
        ended.append(number)

    await run_concurrently([short(1), short(2)])
    assert ended == [1, 2]
