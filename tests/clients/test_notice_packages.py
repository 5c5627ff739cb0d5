"""Webhooks read by the real cloudevents (2.2.0) and standardwebhooks, incidents held against the real pagerduty (7.2.0)."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.notify.webhook import Guard, WebhookSender
from hitl.outbox.destination import networks_of
from hitl.outbox.signature import secret_of
from tests.clients.hosting import environment_of, program
from tests.outbox.conftest import SECRET
from tests.outbox.receiver import Receiver, receiving
from tests.outbox.test_chat_senders import alert, sender
from tests.outbox.test_cloud_events import BODY, DELIVERY

pytestmark = pytest.mark.wide

SIDE = "tests/clients/programs/notices_side.py"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture(scope="session")
def packages() -> Path:
    return environment_of("notices", "pagerduty==7.2.0", "cloudevents==2.2.0", "standardwebhooks>=1.1")


async def ask(python: Path, *arguments: str) -> Any:
    running = program(python, SIDE, *arguments)
    return json.loads((await asyncio.to_thread(running.communicate, timeout=60))[0])


async def test_a_webhook_is_verified_and_read_as_a_cloud_event_in_every_try(receiver: Receiver, packages: Path) -> None:
    guard = Guard(networks_of(["127.0.0.0/8"]), True)
    for _ in range(2):
        await WebhookSender(receiver.url, [secret_of(SECRET)], guard, is_cloud_event=True).send(DELIVERY)
    for got in receiver.received:
        said = await ask(packages, "verify", json.dumps(got.headers), got.body.decode(), SECRET)
        assert said == ["1.0", "approval-7-1", "ray-hitl.Deployed", "a", BODY["data"]]


async def test_an_incident_has_the_form_that_pagerdutys_own_client_sends(receiver: Receiver, packages: Path) -> None:
    pagerduty = sender(receiver, "pagerduty", key="R" * 32)
    for kind in ("fired", "resolved"):
        await pagerduty.send(alert(kind))
    ours = [json.loads(each.body) for each in receiver.received]
    theirs = await ask(packages, "incident", "R" * 32, ours[0]["dedup_key"])
    assert [path for path, _ in theirs] == ["/v2/enqueue"] * 2
    assert [form_of(event) for event in ours] == [form_of(event) for _, event in theirs]


def form_of(event: dict[str, Any]) -> dict[str, Any]:
    """An event with the types in place of its words; without times, pictures and links."""
    payload = {name: type(value).__name__ for name, value in event.get("payload", {}).items() if name != "timestamp"}
    return {name: value for name, value in event.items() if name not in ("images", "links", "payload")} | {"payload": payload}
