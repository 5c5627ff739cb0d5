"""What a listener can learn from being told that something changed: no more than their roles and tasks show them."""

import asyncio
from contextlib import aclosing

import pytest

from hitl.identity import Principal, Role
from serve_app.api.live import changes as live
from serve_app.api.live.changes import BEATS, ChangeFeed, ChangeLine, read_cursor
from serve_app.api.live.stream import Who
from serve_app.api.live.told import topics_of
from tests.review_app.conftest import PARTITIONS, World

BEFORE = {"review-0": 7, "approval": 3, "workflow": 2, "learning": 1, "access": 9, "alerts": 4}
NOW = {name: position + 1 for name, position in BEFORE.items()}


def person(role: Role, *tasks: str) -> Principal:
    return Principal("eve", frozenset({role}), frozenset(tasks))


def always(who: Principal) -> Who:
    async def known() -> Principal:
        return who

    return known


@pytest.mark.parametrize(
    ("role", "topics"),
    [
        (Role.CLIENT, []),
        (Role.DECLARER, []),
        (Role.REVIEWER, ["reviews", "workflows"]),
        (Role.APPROVER, ["approvals", "learning", "reviews", "workflows"]),
        (Role.OPERATOR, ["alerts", "approvals", "learning", "reviews", "workflows"]),
    ],
)
def test_a_role_hears_of_the_parts_that_it_may_see_and_its_cursor_names_no_other(role: Role, topics: list[str]) -> None:
    line = ChangeLine(person(role))
    line.first("", BEFORE)
    message = line.next(NOW, is_beat=True)
    assert message.topics == topics
    assert len(read_cursor(message.changes)) == len(topics)


def test_a_forged_cursor_opens_no_other_part() -> None:
    assert ChangeLine(person(Role.CLIENT)).first("access:1.alerts:1.approval:1", NOW).topics == []


def test_who_is_bounded_to_a_task_hears_a_steady_beat_that_does_not_depend_on_what_happened() -> None:
    still, busy = ChangeLine(person(Role.REVIEWER, "loans")), ChangeLine(person(Role.REVIEWER, "loans"))
    assert still.first("", BEFORE) == busy.first("", BEFORE)
    told = [(still.next(BEFORE, is_beat), busy.next(NOW, is_beat)) for is_beat in [False, True] * 2 * BEATS]
    assert all(one == other for one, other in told)
    assert sum(bool(one.topics) for one, _ in told) == 2


def test_a_right_that_is_taken_ends_what_is_told() -> None:
    line = ChangeLine(person(Role.OPERATOR))
    line.first("", BEFORE)
    line.person = person(Role.CLIENT)
    assert (line.next(NOW, is_beat=True).topics, topics_of(line.person)) == ([], [])


async def test_not_even_the_moment_of_a_change_reaches_who_may_not_see_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ALIVE_S", 3600.0)
    shared = ChangeFeed(world.shards, PARTITIONS)
    outside, inside = (shared.listen("", always(person(role))) for role in (Role.CLIENT, Role.REVIEWER))
    async with aclosing(outside) as outsider, aclosing(inside) as insider:
        await anext(outsider)
        await anext(insider)
        waiting = asyncio.ensure_future(anext(outsider))
        await world.case("a")
        assert (await anext(insider)).topics == ["reviews"]
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await shared.close()
