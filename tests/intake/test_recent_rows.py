"""Several followers of a partition read each case once, and each gets what it would have read by itself."""

import random

import pytest

from hitl.errors import StoreUnavailable
from hitl.intake import RoutedRow
from hitl.intake.recent_rows import KEPT_S, MOST_ROWS, RecentRows
from tests.fakes.reviews import record


class Stream:
    """A partition that counts the rows which are read of it; some positions are empty."""

    def __init__(self) -> None:
        self.body, self.rows = record("c").encode(), list[RoutedRow]()
        self.told, self.now, self.is_away = 0, 0.0, False
        self.recent = RecentRows(lambda: self.now)

    def grow(self, count: int, gap: int = 0) -> None:
        first = (self.rows[-1].seq if self.rows else 0) + 1 + gap
        self.rows += [RoutedRow.read(seq, self.body, b"{}") for seq in range(first, first + count)]

    def after(self, seq: int, limit: int) -> list[RoutedRow]:
        return [row for row in self.rows if row.seq > seq][:limit]

    async def follow(self, seq: int, limit: int) -> list[RoutedRow]:
        return await self.recent.after(seq, limit, self.read)

    async def read(self, seq: int, limit: int) -> list[RoutedRow]:
        if self.is_away:
            raise StoreUnavailable("away")
        found = self.after(seq, limit)
        self.told += len(found)
        return found


@pytest.fixture
def stream() -> Stream:
    return Stream()


async def test_a_second_follower_gets_what_the_first_has_read(stream: Stream) -> None:
    stream.grow(50)
    first = await stream.follow(0, 100)
    assert await stream.follow(0, 100) == first == stream.rows
    assert stream.told == 50


async def test_what_came_since_is_read_beside_what_is_remembered(stream: Stream) -> None:
    stream.grow(50)
    await stream.follow(0, 100)
    stream.grow(30)
    assert await stream.follow(10, 100) == stream.after(10, 100)
    assert stream.told == 80


async def test_followers_get_what_they_would_read_by_themselves(stream: Stream) -> None:
    rng, places = random.Random(7), [0, 0, 0]
    for _ in range(400):
        stream.grow(rng.choice([0, 0, 3, 40]), gap=rng.choice([0, 0, 0, 2]))
        stream.now += rng.choice([0.0, 0.5, 6.0])
        follower, limit = rng.randrange(3), rng.choice([1, 10, 100])
        found = await stream.follow(places[follower], limit)
        assert found == stream.after(places[follower], limit)
        places[follower] = found[-1].seq if found and rng.random() < 0.9 else rng.choice(places)


async def test_what_was_read_long_ago_is_read_again(stream: Stream) -> None:
    stream.grow(5)
    await stream.follow(0, 100)
    stream.now += KEPT_S + 1
    await stream.follow(0, 100)
    assert stream.told == 10


async def test_each_follower_meets_a_gap_by_itself(stream: Stream) -> None:
    stream.grow(5)
    stream.grow(5, gap=3)
    assert await stream.follow(0, 100) == await stream.follow(0, 100) == stream.rows
    assert stream.told == 20


async def test_one_that_is_far_behind_takes_nothing_from_the_others(stream: Stream) -> None:
    stream.grow(50)
    await stream.follow(40, 100)
    await stream.follow(0, 5)
    before = stream.told
    await stream.follow(40, 100)
    assert stream.told == before


async def test_a_burst_is_not_all_remembered(stream: Stream) -> None:
    stream.grow(3 * MOST_ROWS)
    seq = 0
    while page := await stream.follow(seq, 1000):
        seq = page[-1].seq
    assert sum(len(page.rows) for page in stream.recent._pages) <= MOST_ROWS + 1000


async def test_nothing_is_told_from_memory_once_the_store_failed(stream: Stream) -> None:
    stream.grow(5)
    await stream.follow(0, 100)
    stream.is_away = True
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await stream.follow(0, 100)
    with pytest.raises(StoreUnavailable):
        await stream.follow(0, 5)


async def test_what_was_read_before_a_deletion_is_told_to_nobody_who_knows_of_it(stream: Stream) -> None:
    stream.grow(20)
    await stream.follow(0, 100)
    del stream.rows[4]
    stream.recent.forget()
    assert await stream.follow(0, 100) == stream.rows


async def test_a_page_that_is_being_read_during_a_deletion_is_not_kept(stream: Stream) -> None:
    stream.grow(20)

    async def read_slowly(seq: int, limit: int) -> list[RoutedRow]:
        found = stream.after(seq, limit)
        del stream.rows[4]
        stream.recent.forget()
        return found

    await stream.recent.after(0, 100, read_slowly)
    assert await stream.follow(0, 100) == stream.rows
