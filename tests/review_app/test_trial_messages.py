"""A test message to a channel: to this very one, on the record of the outbox, by operators of every task."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.outbox.facts import Fact
from hitl.outbox.rules import TRIAL, deliveries_for
from serve_app.reconcilers.outbox import Courier, OutboxTail
from serve_app.setup.records import records_of
from tests.review_app.conftest import PARTITIONS, World

CONFIG = load_notifications(Path("configs/notifications.yaml").read_text(encoding="utf-8"), "notifications", {})


@pytest.fixture
async def stored(world: World, valkey: Redis, tmp_path: Path) -> World:
    """The world with a real store of records, and the shipped channels, of which no address is set."""
    world.ports = replace(world.ports, stored=records_of(valkey, PARTITIONS, str(tmp_path)), channels=CONFIG.shown())
    world.serve()
    return world


async def trial(world: World, channel: str, who: str = "operator", key: str = "k") -> Any:
    return await world.call("POST", f"/v1/outbox/channels/{channel}/test", who, idempotency_key=key)


async def carried(world: World) -> None:
    records = world.ports.records
    await OutboxTail(records.outgoing, {}, CONFIG).once()
    await Courier(records.outgoing, senders(CONFIG, records.inbox, {})).once()


async def test_a_test_message_reaches_the_inbox_that_the_channel_leads_to(stored: World) -> None:
    told = await trial(stored, "operators")
    assert (told.status_code, told.json()["channel"]) == (202, "operators")
    await carried(stored)
    [notice] = (await stored.call("GET", "/v1/inbox", "operator")).json()["notices"]
    assert notice["title"] == "Test message by operator"
    found = (await stored.call("GET", f"/v1/outbox/{told.json()['delivery_id']}", "operator")).json()["delivery"]
    assert (found["channel"], found["status"]) == ("operators", "delivered")


async def test_the_same_request_again_sends_nothing_more(stored: World) -> None:
    assert (await trial(stored, "operators")).json() == (await trial(stored, "operators")).json()
    await carried(stored)
    assert len((await stored.call("GET", "/v1/inbox", "operator")).json()["notices"]) == 1


async def test_channels_are_shown_without_their_addresses(stored: World) -> None:
    found = (await stored.call("GET", "/v1/outbox/channels", "operator")).json()["channels"]
    shown = {each["name"]: (each["type"], each["is_configured"], each["takes_trials"], each["fallback"]) for each in found}
    assert shown["operators"] == ("inbox", True, True, None)
    assert shown["email"] == ("apprise", False, False, "slack")
    assert shown["mlflow"] == ("handler", True, False, None)
    assert {key for each in found for key in each} == {"name", "type", "is_configured", "takes_trials", "fallback"}


@pytest.mark.parametrize(
    ("channel", "who", "status"),
    [
        ("email", "operator", 400),
        ("mlflow", "operator", 400),
        ("none", "operator", 404),
        ("operators", "reviewer", 403),
        ("operators", "operator-of-digits", 403),
        ("operators", None, 401),
    ],
)
async def test_what_cannot_be_tested_or_by_whom_sends_nothing(stored: World, channel: str, who: str | None, status: int) -> None:
    assert (await trial(stored, channel, who)).status_code == status  # type: ignore[arg-type]
    assert await stored.ports.records.outgoing.puts(0, 10) == []


def test_a_test_of_a_channel_that_went_meanwhile_is_sent_to_nobody() -> None:
    assert deliveries_for([Fact("test:a", TRIAL, 1.0, {"channel": "gone", "by": "ann"})], CONFIG) == []
    assert deliveries_for([Fact("test:a", TRIAL, 1.0, {"channel": "email", "by": "ann"})], CONFIG) == []
