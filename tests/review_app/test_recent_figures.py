"""Figures of a long task are told while newer ones are computed, with their age; those of a short one are always new."""

import asyncio
from typing import Any

import pytest

from serve_app.evidence.recent import OLDEST_S, RESTS, RecentFigures
from tests.review_app.test_quality import Certified, certified, gold

__all__ = ["certified"]

AT_ONCE = ("", "?since=1000000000", "/reviewers", "/agreement")
TOLD_AGAIN = ("/certificate", "/curves")


class Slow:
    """Computes how often it was asked, once ``go`` is set."""

    def __init__(self) -> None:
        self.go, self.count = asyncio.Event(), 0

    async def __call__(self) -> int:
        self.count += 1
        found = self.count
        await self.go.wait()
        return found


async def test_who_asks_while_figures_are_computed_gets_the_ones_before() -> None:
    slow, now = Slow(), [0.0]
    recent = RecentFigures(lambda: now[0])
    slow.go.set()
    assert (await recent.get("q", slow)).value == 1
    slow.go.clear()
    now[0] = 5.0
    older = await recent.get("q", slow)
    assert (older.value, older.age_s) == (1, 5.0)
    assert (await recent.get("q", slow)).value == 1
    assert slow.count == 2, "one computation at a time"
    slow.go.set()
    assert (await recent.get("q", slow)).value == 2


async def test_a_long_computation_rests_before_it_is_done_again() -> None:
    slow, now = Slow(), [0.0]
    recent = RecentFigures(lambda: now[0])
    slow.go.clear()
    first = asyncio.create_task(recent.get("q", slow))
    while not slow.count:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    now[0] = 3.0
    slow.go.set()
    assert (await first).value == 1
    now[0] = 3.0 + RESTS * 3.0 - 0.1
    assert (await recent.get("q", slow)).value == 1
    now[0] += 0.2
    assert (await recent.get("q", slow)).value == 2


async def test_who_joins_a_computation_is_told_how_long_ago_it_began() -> None:
    slow, now = Slow(), [0.0]
    recent = RecentFigures(lambda: now[0])
    asked = []
    for now[0] in (0.0, 3.0):
        asked.append(asyncio.create_task(recent.get("q", slow)))
        await asyncio.sleep(0)
    now[0] = 5.0
    slow.go.set()
    first, joined = [await each for each in asked]
    assert (first.age_s, joined.age_s, slow.count) == (0.0, 5.0, 1)


async def test_too_old_figures_are_no_answer() -> None:
    slow, now = Slow(), [0.0]
    recent = RecentFigures(lambda: now[0])
    slow.go.set()
    await recent.get("q", slow)
    slow.go.clear()
    now[0] = OLDEST_S + 1
    asked = asyncio.create_task(recent.get("q", slow))
    await asyncio.sleep(0)
    slow.go.set()
    told = await asked
    assert (told.value, told.age_s) == (2, 0.0)


async def test_what_cannot_be_computed_is_refused_and_tried_again() -> None:
    recent = RecentFigures()

    async def fails() -> int:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await recent.get("q", fails)


async def test_short_tasks_are_told_anew_and_long_ones_with_their_age(
    certified: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(routes: tuple[str, ...] = TOLD_AGAIN) -> list[Any]:
        return [await certified.call("GET", f"/v1/quality/digits{part}", "operator") for part in routes]

    await gold(certified, 3)
    assert all("age" not in answer.headers for answer in [*await asked(), *await asked()])
    monkeypatch.setattr("serve_app.evidence.evidence.LONG", 1)
    monkeypatch.setattr("serve_app.evidence.recent.PATIENCE_S", 0.0)
    before = await asked()
    await gold(certified, 2, first=3)
    after = await asked()
    assert [answer.status_code for answer in after] == [200] * len(TOLD_AGAIN)
    assert all(int(answer.headers["age"]) > 0 for answer in after)
    assert [answer.json() for answer in after] == [answer.json() for answer in before]
    new = await asked(AT_ONCE)
    assert all("age" not in answer.headers for answer in new), "those that are computed of columns are always new"
    assert [answer.json()["figures"]["human_ai_agreement"]["n"] for answer in new[:2]] == [5, 5]


async def test_an_answer_may_be_wanted_younger() -> None:
    now, slow = 0.0, Slow()
    recent = RecentFigures(lambda: now)
    slow.go.set()
    assert (await recent.get("q", slow, oldest_s=60.0)).value == 1
    slow.go.clear()
    now = 61.0
    waits = asyncio.create_task(recent.get("q", slow, oldest_s=60.0))
    await asyncio.sleep(0)
    assert not waits.done()
    slow.go.set()
    assert (await waits).value == 2


async def test_a_stop_shows_at_once_also_in_a_long_task(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    await gold(certified, 3)
    monkeypatch.setattr("serve_app.evidence.evidence.LONG", 1)
    monkeypatch.setattr("serve_app.evidence.recent.PATIENCE_S", 0.0)
    for _ in range(3):
        before = await certified.call("GET", "/v1/quality/digits/certificate", "operator")
    assert (before.json()["stopped"], "age" in before.headers) == ({}, True), "it is told again"
    body = {"segment": "all", "reason": "something is wrong"}
    stopped = await certified.call("POST", "/v1/policies/digits/stop", "operator", body, idempotency_key="stop")
    assert stopped.status_code == 200, stopped.text
    told = await certified.call("GET", "/v1/quality/digits/certificate", "operator")
    assert told.json()["stopped"]
    assert "age" not in told.headers
