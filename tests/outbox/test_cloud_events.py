"""The catalogue of events, and webhooks as CloudEvents."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.webhook import Guard, WebhookSender
from hitl.approval import events as approval_events
from hitl.errors import InvalidConfig
from hitl.journal.entry import Commit
from hitl.outbox import Delivery, facts_of
from hitl.outbox.catalogue import catalogue, catalogue_text
from hitl.outbox.cloud_events import cloud_event
from hitl.outbox.destination import networks_of
from hitl.outbox.signature import verifies
from tests.outbox.receiver import Receiver, receiving

BODY = {
    "type": "Deployed",
    "source": "approval-7",
    "timestamp": 1.5,
    "rule": "deployed",
    "data": {"task": "digits", "approval_id": "a"},
}
DELIVERY = Delivery("approval-7-1", "hook", "Deployed", "digits: deployed", BODY, 1.5)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


def test_the_published_catalogue_is_current() -> None:
    assert Path("docs/events.json").read_text() == catalogue_text()


def test_every_event_has_a_meaning_and_a_schema_that_is_one() -> None:
    for name, entry in catalogue()["events"].items():
        assert entry["meaning"], name
        Draft202012Validator.check_schema(entry["dataschema"])


@pytest.mark.parametrize("private", ["comment", "reason", "salt", "type"])
def test_what_never_leaves_is_in_no_schema(private: str) -> None:
    names = [name for name, entry in catalogue()["events"].items() if private in entry["dataschema"].get("properties", {})]
    assert all(name in ("DeploymentFailed", "AutomationStopped", "SharesSet", "AuditRateSet", "PricesSet") for name in names)


ONE: dict[str, Any] = {"approval_id": "a-1", "task": "", "digest": "d"}
TOLD = [
    approval_events.VoteCast(**ONE, voter="ann", vote="approve", comment="secret", option="approve"),
    approval_events.ApprovalRejected(**ONE, voter="ann", reason="secret", choice=None),
    approval_events.ApprovalEscalated(
        **ONE, cause="requested", rule="r", groups=[], ask=[], step=None, kind="custom", title="t", urgency="low", message="m"
    ),
]


@pytest.mark.parametrize("event", TOLD)
def test_a_message_fits_the_schema_of_its_event(event: Any) -> None:
    import msgspec

    commit = Commit(**{**Commit._field_defaults, **commit_fields([msgspec.to_builtins(event)])})
    fact = facts_of("approval", 7, commit)[0]
    schema = catalogue()["events"][fact.kind]["dataschema"]
    assert list(Draft202012Validator(schema).iter_errors(fact.fields)) == []
    assert set(fact.fields) <= set(schema["properties"])


def commit_fields(events: list[dict[str, Any]]) -> dict[str, Any]:
    given = {name: "" for name in Commit._fields if name not in Commit._field_defaults}
    return given | {"events": events, "at": 1.0, "by": "ann"}


def test_the_attributes_of_a_cloud_event() -> None:
    found = cloud_event(DELIVERY)
    assert {name: found[name] for name in ("specversion", "id", "source", "type", "subject", "time")} == {
        "specversion": "1.0",
        "id": "approval-7-1",
        "source": "urn:ray-hitl:approval-7",
        "type": "ray-hitl.Deployed",
        "subject": "a",
        "time": "1970-01-01T00:00:01.500+00:00",
    }


async def test_a_webhook_sends_it_signed(receiver: Receiver) -> None:
    guard = Guard(networks_of(["127.0.0.0/8"]), True)
    await WebhookSender(receiver.url, [b"k" * 32], guard, wall=lambda: 5.0, is_cloud_event=True).send(DELIVERY)
    got = receiver.received[0]
    assert (got.headers["content-type"], json.loads(got.body)["data"]) == ("application/cloudevents+json", BODY["data"])
    assert verifies(got.headers, got.body, b"k" * 32, 5.0)


def test_only_a_webhook_has_a_format() -> None:
    with pytest.raises(InvalidConfig, match="format"):
        load_notifications("channels: {people: {type: inbox, to: ['role:operator'], format: cloudevents}}", "f", {})
