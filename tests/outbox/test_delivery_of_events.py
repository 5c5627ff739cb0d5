"""From a journal entry to a receiver, over a real store and real HTTP; a crash stands between any two steps."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from hitl.errors import NotFound, Overloaded
from hitl.identity import Principal, Role
from hitl.outbox import DeliveryStatus
from hitl.outbox.delivery import GIVE_WAY_AFTER
from hitl.outbox.facts import UNSETTLED
from hitl.outbox.inbox import addresses_of
from hitl.outbox.ports import Put
from hitl.outbox.signature import secret_of, verifies
from serve_app.reconcilers.outbox import HOLD_S
from tests.outbox.conftest import SECRET, Office, final


async def test_an_event_arrives_signed_with_its_place_as_id(office: Office) -> None:
    await office.happen(final())
    await office.run()
    (received,) = office.receiver.received
    assert received.headers["webhook-id"] == "review-0-1-1"
    assert verifies(received.headers, received.body, secret_of(SECRET), time.time())
    assert office.bodies()[0]["data"]["case_id"] == "c1"


async def test_nothing_is_told_of_what_happened_before_the_outbox(office: Office) -> None:
    await office.happen(final())
    await office.client.set("hitl:{outbox}:born", office.clock.now + 1)
    await office.run()
    assert office.receiver.received == []


@pytest.mark.parametrize("kind", sorted(UNSETTLED))
async def test_an_answer_that_can_still_change_does_not_leave(office: Office, kind: str) -> None:
    rule = office.config.rules[0].model_copy(update={"events": (kind,)})
    office.config = office.config.model_copy(update={"rules": (rule,)})
    office.restart()
    await office.happen(final() | {"type": kind})
    await office.run()
    assert office.receiver.received == []


async def test_comments_and_objects_stay_inside(office: Office) -> None:
    await office.happen(final(comment="the patient", evidence={"x": 1}))
    await office.run()
    assert set(office.bodies()[0]["data"]) == {"case_id", "task", "label", "by"}


async def test_two_tails_enqueue_an_event_once(office: Office) -> None:
    await office.happen(final())
    other = Office(office.client, office.receiver)
    other.journal = office.journal
    other.restart()
    await asyncio.gather(office.tail.once(), other.tail.once())
    await office.courier.once()
    assert office.receiver.ids == ["review-0-1-1"]


async def test_a_tail_that_comes_too_late_drops_no_message_that_nobody_enqueued(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"case_id": "c1", "task": "digits"}
    late = Office(office.client, office.receiver)
    await office.store.put("first", "DecisionFinal", told)
    read = late.store.puts

    async def read_after_the_other(after_seq: int, limit: int) -> list[Put]:
        monkeypatch.undo()
        await office.tail.once()
        await office.store.put("second", "DecisionFinal", told)
        return await read(after_seq, limit)

    monkeypatch.setattr(late.store, "puts", read_after_the_other)
    await late.tail.once()
    await office.run()
    assert sorted(office.receiver.ids) == ["first-1", "second-1"]  # they are sent side by side


@pytest.mark.parametrize("step", ["cursor", "enqueue", "take_due", "send", "settled"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_crash_at_any_step_delivers_with_the_same_id_and_never_zero_times(office: Office, step: str, when: str) -> None:
    await office.happen(final("c1"))
    await office.happen(final("c2"))
    _break(office, step, when)
    with pytest.raises(Crash):
        await office.run()
    office.restart()
    await office.run()
    office.clock.now += HOLD_S + 1
    await office.run()
    assert set(office.receiver.ids) == {"review-0-1-1", "review-0-2-1"}
    assert (await office.store.counts())["delivered"] == 2


class Crash(BaseException):
    """The process is gone: nobody handles it."""


def _break(office: Office, step: str, when: str) -> None:
    """The first call of ``step`` ends the process, before or after its effect."""
    if step == "send":
        channel = office.courier._senders["hook"]
        channel.send = _crashing(channel.send, when)  # type: ignore[method-assign]
        return
    setattr(office.store, step, _crashing(getattr(office.store, step), when))


def _crashing(call: Callable[..., Any], when: str) -> Callable[..., Any]:
    async def broken(*args: Any) -> None:
        if when == "after":
            await call(*args)
        raise Crash

    return broken


async def test_a_failure_is_tried_again_later_and_its_retries_are_counted(office: Office) -> None:
    office.receiver.answers = [503, 429]
    await office.happen(final())
    await office.run()
    assert (await office.store.deliveries(DeliveryStatus.WAITING, 0, 9))[0].next_at == office.clock.now + 1.0
    for _ in range(2):
        office.clock.now += 10
        await office.run()
    counts = await office.store.counts()
    assert (counts["attempts"], counts["retries"], counts["delivered"], counts["waiting"]) == (3, 2, 1, 0)
    assert set(office.receiver.ids) == {"review-0-1-1"}
    assert [row.error for row in await office.store.log(9)][::-1][2] is None


@pytest.mark.parametrize("status", [400, 404, 410, 302])
async def test_what_can_never_arrive_dies_at_once_and_comes_back_by_command(office: Office, status: int) -> None:
    office.receiver.answers = [status]
    await office.happen(final())
    await office.run()
    (dead,) = await office.store.deliveries(DeliveryStatus.DEAD, 0, 9)
    assert (dead.id, dead.attempts) == ("review-0-1-1", 1)
    assert await office.store.replay(dead.id)
    assert not await office.store.replay(dead.id)
    await office.courier.once()
    assert office.receiver.ids == [dead.id, dead.id]
    assert (await office.store.counts())["delivered"] == 2  # the fallback's notice, and this one


@pytest.mark.covers("000-30")
async def test_a_channel_that_is_away_gives_way_to_the_next_one_once(office: Office) -> None:
    office.receiver.answers = [500] * 6
    await office.happen(final())
    for _ in range(6):
        await office.run()
        office.clock.now += 1000
    person = Principal("olga", frozenset({Role.OPERATOR}))
    notices = await office.inbox.notices(addresses_of(person), person.id, 9)
    assert [(notice.id, notice.data["instead_of"]) for notice in notices] == [("review-0-1-1-operators", "hook")]
    assert len(office.receiver.received) == 6 > GIVE_WAY_AFTER


async def test_a_slow_or_talkative_receiver_costs_a_bounded_time_and_memory(office: Office) -> None:
    office.receiver.extra = b"x" * 1_000_000
    await office.happen(final())
    await office.run()
    assert (await office.store.counts())["delivered"] == 1


async def test_notices_are_stored_once_and_read_by_each_person(office: Office) -> None:
    await office.happen({"type": "ApprovalRequested", "approval_id": "digits-1", "task": "digits"})
    await office.run()
    await office.store.replay("review-0-1-1")
    await office.courier.once()
    ann, bob = (Principal(name, frozenset({Role.OPERATOR})) for name in ("ann", "bob"))
    (notice,) = await office.inbox.notices(addresses_of(ann), ann.id, 9)
    await office.inbox.mark_read(ann.id, [notice.id])
    for person, is_read in ((ann, True), (bob, False)):
        assert [each.is_read for each in await office.inbox.notices(addresses_of(person), person.id, 9)] == [is_read]


async def test_what_is_put_is_delivered_once_for_its_id(office: Office) -> None:
    assert await office.store.put("budget:2026-11", "DecisionFinal", {"task": "digits"})
    assert not await office.store.put("budget:2026-11", "DecisionFinal", {"task": "digits"})
    await office.run()
    assert office.receiver.ids == ["budget:2026-11-1"]
    assert await office.store.puts(0, 9) == []


async def test_a_full_outbox_leaves_the_rest_in_the_journal(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hitl.adapters.valkey.outbox.MAX_WAITING", 1)
    await office.happen(final("c1"))
    await office.tail.once()
    await office.happen(final("c2"))
    with pytest.raises(Overloaded):
        await office.tail.once()
    await office.courier.once()
    await office.run()
    assert office.receiver.ids == ["review-0-1-1", "review-0-2-1"]


async def test_a_changed_entry_of_the_journal_is_told(office: Office) -> None:
    await office.happen(final("c1"))
    await office.tail.once()
    await office.client.hset("hitl:{outbox}:cursors", "review-0", "1 " + "f" * 64)
    rule = office.config.rules[0].model_copy(update={"events": ("HistoryBroken",)})
    office.config = office.config.model_copy(update={"rules": (rule,)})
    office.restart()
    await office.happen(final("c2"))
    await office.run()
    assert {"shard": "review-0", "seq": 2} in [body["data"] for body in office.bodies()]


async def test_an_unknown_delivery_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.store.replay("review-0-9-9")
