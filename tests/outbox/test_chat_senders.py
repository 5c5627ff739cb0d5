"""What Slack, PagerDuty and Teams are sent, to receivers that keep what their documented interfaces would get."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.notify.senders import senders
from hitl.adapters.notify.voting import OutsideVoting
from hitl.chat.terms import chat_terms
from hitl.chat.vote_links import VoteLink, read_link
from hitl.errors import DeliveryFailed, InvalidConfig, Undeliverable
from hitl.outbox import Delivery
from hitl.outbox.ports import Sender
from tests.outbox.receiver import Receiver, receiving

TERMS = chat_terms({"link_secrets": ["l" * 32], "teams": {"secret": "dGVhbXMtc2VjcmV0LXRlYW1z", "tenant": "t"}}, "chat.yaml")
VOTING = OutsideVoting("https://hitl.example.org", lambda: 1_000.0, TERMS)
DATA = {"approval_id": "custom-1", "digest": "d" * 64, "kind": "custom", "title": "Refund <!channel>?"}
ASKED = Delivery("approval-1-1", "c", "ApprovalRequested", "custom-1 waits for votes", {"data": DATA, "rule": "wanted"}, 1.0)
LINK = VoteLink("custom-1", "d" * 64, "", 1_000.0 + 24 * 3600.0)


def alert(kind: str, key: str = "custom-1", severity: str = "failure") -> Delivery:
    data = {"alert": "approvalTimeouts", "key": key, "state": kind, "value": 400.0}
    body = {"rule": "approvalTimeouts", "data": data}
    return Delivery(f"alert-1-{kind}-1", "c", f"alert.{kind}", f"approvalTimeouts: {key}", body, 1.0, severity)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


def sender(receiver: Receiver, kind: str, voting: OutsideVoting = VOTING, **more: str) -> Sender:
    fields = json.dumps({"type": kind, "url": f"{receiver.url}/services/T1/B1/x", **more})
    text = f"{{allow_http: true, allow_networks: [127.0.0.0/8], channels: {{c: {fields}}}}}"
    return senders(load_notifications(text, "n.yaml", {}), None, {}, voting=voting)["c"]  # type: ignore[arg-type]


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in receiver.received]


def buttons(message: Mapping[str, Any]) -> dict[str, Any]:
    elements = [each for block in message["blocks"] if block["type"] == "actions" for each in block["elements"]]
    return {each["action_id"]: each for each in elements}


async def test_slack_gets_two_buttons_with_a_signed_value_and_a_link(receiver: Receiver) -> None:
    await sender(receiver, "slack").send(ASKED)
    found = buttons(bodies(receiver)[0])
    assert list(found) == ["hitl_vote_approve", "hitl_vote_reject", "hitl_open"]
    assert read_link(found["hitl_vote_reject"]["value"], TERMS.link_keys, 1_001.0) == LINK
    assert found["hitl_open"]["url"] == "https://hitl.example.org/approvals/custom-1"
    assert receiver.received[0].path == "/services/T1/B1/x"


async def test_words_of_a_request_mention_nobody_in_slack(receiver: Receiver) -> None:
    await sender(receiver, "slack").send(ASKED)
    texts = [block["text"]["type"] for block in bodies(receiver)[0]["blocks"] if block["type"] == "section"]
    assert texts == ["plain_text"]
    assert "<!channel>" not in bodies(receiver)[0]["text"]


async def test_what_serves_has_no_buttons(receiver: Receiver) -> None:
    data = {**DATA, "kind": "model_deployment"}
    gated = Delivery("approval-2-1", "c", "ApprovalRequested", "t", {"data": data}, 1.0)
    await sender(receiver, "slack").send(gated)
    await sender(receiver, "slack", OutsideVoting("https://hitl.example.org", lambda: 0.0)).send(ASKED)
    assert [list(buttons(body)) for body in bodies(receiver)] == [["hitl_open"], ["hitl_open"]]


async def test_slack_is_told_of_the_end_of_an_alert(receiver: Receiver) -> None:
    slack = sender(receiver, "slack")
    for kind in ("fired", "escalated", "resolved"):
        await slack.send(alert(kind))
    firsts = [body["text"].splitlines()[0] for body in bodies(receiver)]
    assert firsts == [
        "approvalTimeouts: custom-1",
        "Still standing: approvalTimeouts: custom-1",
        "Resolved: approvalTimeouts: custom-1",
    ]


async def test_pagerduty_resolves_what_it_opened(receiver: Receiver) -> None:
    pagerduty = sender(receiver, "pagerduty", key="R" * 32)
    for kind in ("fired", "escalated", "resolved"):
        await pagerduty.send(alert(kind))
    await pagerduty.send(alert("fired", "custom-2"))
    events = bodies(receiver)
    assert [event["event_action"] for event in events] == ["trigger", "trigger", "resolve", "trigger"]
    keys = [event["dedup_key"] for event in events]
    assert (len(set(keys[:3])), keys[3] != keys[0], max(map(len, keys)) <= 255) == (1, True, True)
    assert (events[0]["routing_key"], set(events[2])) == ("R" * 32, {"routing_key", "event_action", "dedup_key"})
    assert events[0]["payload"]["severity"] == "critical"
    assert (events[0]["payload"]["summary"], events[0]["payload"]["source"]) == ("approvalTimeouts: custom-1", "ray-hitl")


async def test_teams_gets_a_card_that_says_how_to_vote(receiver: Receiver) -> None:
    await sender(receiver, "teams").send(ASKED)
    attachment = bodies(receiver)[0]["attachments"][0]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["body"][1]["text"].endswith(f"write: approve custom-1 {'d' * 16} (or reject)")
    assert attachment["content"]["actions"][0]["url"] == "https://hitl.example.org/approvals/custom-1"
    assert "<!channel>" not in attachment["content"]["body"][0]["text"]


async def test_mail_has_a_link_for_its_one_reader(receiver: Receiver) -> None:
    fields = f'{{type: vote-link, url: "{receiver.url.replace("http://", "json://")}/mail", to: ["user:ann"]}}'
    made = senders(load_notifications(f"channels: {{c: {fields}}}", "n.yaml", {}), None, {}, voting=VOTING)["c"]  # type: ignore[arg-type]
    await made.send(ASKED)
    found = re.search(r"vote: https://hitl.example.org/v1/votes/(\S+)", bodies(receiver)[0]["message"])
    assert found is not None
    assert read_link(found[1], TERMS.link_keys, 1_001.0).person == "ann"


@pytest.mark.parametrize("to", ["[]", '["role:approver"]', '["user:a", "user:b"]'])
def test_a_link_for_more_than_one_reader_stops_the_start(to: str) -> None:
    with pytest.raises(InvalidConfig):
        load_notifications(f'channels: {{c: {{type: vote-link, url: "json://h", to: {to}}}}}', "n.yaml", {})


def test_pagerduty_without_its_key_stops_the_start() -> None:
    with pytest.raises(InvalidConfig):
        load_notifications('channels: {c: {type: pagerduty, url: "https://events.pagerduty.com/v2/enqueue"}}', "n.yaml", {})


async def test_a_refusal_that_stays_is_not_tried_again_and_one_that_passes_is(receiver: Receiver) -> None:
    receiver.answers = [403, 429]
    with pytest.raises(Undeliverable):
        await sender(receiver, "slack").send(ASKED)
    with pytest.raises(DeliveryFailed):
        await sender(receiver, "pagerduty", key="k").send(alert("fired"))
