"""How often an account may ask."""

from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
from limits import RateLimitItem, parse
from redis.exceptions import ConnectionError as RedisConnectionError

from hitl.adapters.valkey.rate_limits import ValkeyCounting
from hitl.errors import InvalidConfig, StoreUnavailable, TooManyRequests
from hitl.identity import Principal, Role
from serve_app.http.limits import Buckets, LimitTerms, RequestLimits, load_limits
from tests.identity.people import RealPeople

TERMS = LimitTerms(requests=dict.fromkeys(Role, "2/minute") | {Role.ADMIN: "3/minute"})


class Counts:
    """Allows what the item says, for ever."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self.is_away = False

    async def hit(self, item: RateLimitItem, account: str, cost: int = 1) -> float | None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.seen[account] = self.seen.get(account, 0) + 1
        return None if self.seen[account] <= item.amount else 12.4


@pytest.mark.covers("000-76")
async def test_who_asks_too_often_is_told_when_to_come_again(people: RealPeople) -> None:
    limited: Any = RealPeople(limits=RequestLimits(TERMS, Counts()))
    await limited.shards.start()
    await limited.settle()
    answers = [await limited.ask("GET", "/v1/session", "ann") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "12"
    assert (await limited.ask("GET", "/v1/session", "cleo")).status_code == 200
    await limited.shards.stop()


async def test_the_most_generous_role_counts() -> None:
    limits, both = RequestLimits(TERMS, Counts()), Principal("a", frozenset({Role.CLIENT, Role.ADMIN}))
    for _ in range(3):
        await limits.check(both)
    with pytest.raises(TooManyRequests):
        await limits.check(both)


async def test_while_the_store_is_away_nobody_is_counted() -> None:
    counts = Counts()
    counts.is_away = True
    for _ in range(9):
        await RequestLimits(TERMS, counts).check(Principal("a", frozenset({Role.CLIENT})))


async def test_replicas_count_together(valkey_url: str) -> None:
    limits = [RequestLimits(TERMS, ValkeyCounting(valkey_url)) for _ in range(2)]
    for each in limits:
        await each.check(Principal("a", frozenset({Role.CLIENT})))
    with pytest.raises(TooManyRequests) as refused:
        await limits[0].check(Principal("a", frozenset({Role.CLIENT})))
    assert 1 <= refused.value.retry_after_s <= 60


@pytest.mark.parametrize(
    "trouble",
    [
        RedisConnectionError("refused"),
        RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed"),
    ],
)
async def test_a_store_that_cannot_count_is_away(valkey_url: str, monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    """Also where uvloop has closed the connection a moment ago: that is no fault of a request."""
    counting = ValkeyCounting(valkey_url)
    monkeypatch.setattr(counting._strategy.storage, "acquire_sliding_window_entry", AsyncMock(side_effect=trouble))
    await RequestLimits(TERMS, counting).check(Principal("a", frozenset({Role.CLIENT})))
    with pytest.raises(StoreUnavailable):
        await counting.hit(parse("1/minute"), "a")


def test_a_bucket_refills_with_time_and_is_each_accounts_own() -> None:
    now = [0.0]
    buckets = Buckets(2.0, 3.0, lambda: now[0])
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(TooManyRequests):
        buckets.take("a")
    buckets.take("b")
    now[0] = 0.5
    buckets.take("a")


def test_the_file_that_comes_with_the_product_names_every_role() -> None:
    terms = load_limits(Path("configs/limits.yaml").read_text(), "limits")
    assert set(terms.requests) == set(Role)


@pytest.mark.parametrize("text", ["requests: {client: often}", "requests: {client: 5/minute}", "nothing: 1", "a: ["])
def test_a_wrong_file_stops_the_start(text: str) -> None:
    with pytest.raises(InvalidConfig):
        load_limits(text, "test")


def test_a_file_from_before_there_were_declarers_gives_them_what_clients_have() -> None:
    text = (
        Path("configs/limits.yaml").read_text().replace("  declarer: 6000/minute\n", "").replace("client: 6000", "client: 7000")
    )
    assert load_limits(text, "limits").requests[Role.DECLARER] == "7000/minute"
