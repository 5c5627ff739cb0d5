"""Back-off, signatures, destinations and the notifications file: pure, by table and by property."""

import base64
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.adapters.notify.load import load_notifications
from hitl.errors import ForbiddenDestination, InvalidConfig
from hitl.journal.entry import Commit
from hitl.outbox import Delivery, DeliveryStatus, Fact, Notifications, deliveries_for
from hitl.outbox.backoff import FIRST_S, MOST_S, delay_s, max_delay_s
from hitl.outbox.delivery import MAX_ATTEMPTS, Attempt, settle
from hitl.outbox.destination import check_address, host_and_port, networks_of
from hitl.outbox.facts import facts_of
from hitl.outbox.rules import TRIAL, Channel, NotificationRule
from hitl.outbox.signature import TOLERANCE_S, secret_of, signed, verifies

SECRETS = st.binary(min_size=24, max_size=64)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_each_wait_is_between_half_and_the_whole_of_a_doubling_ceiling(attempt: int, drawn: float) -> None:
    wait = delay_s(attempt, lambda: drawn)
    assert FIRST_S / 2 <= max_delay_s(attempt) / 2 <= wait <= max_delay_s(attempt) <= MOST_S
    assert max_delay_s(attempt) <= max_delay_s(attempt + 1)


@given(st.randoms(use_true_random=False))
def test_a_delivery_that_always_fails_dies_after_about_a_day(random: Random) -> None:
    delivery = Delivery("a-1-1", "hook", "k", "t", {}, 0.0)
    while delivery.status is DeliveryStatus.WAITING:
        delivery = settle(delivery, Attempt(delivery.next_at, 0.1, "away"), random.random).delivery
    assert delivery.attempts == MAX_ATTEMPTS
    assert 10 * 3600 < (delivery.ended_at or 0) < 30 * 3600


@given(SECRETS, SECRETS, st.binary(max_size=200), st.text("abc-123", min_size=1), st.integers(0, 2**33))
def test_a_receiver_with_either_secret_believes_the_message(old: bytes, new: bytes, body: bytes, name: str, at: int) -> None:
    headers = signed(name, at, body, [new, old])
    assert verifies(headers, body, old, at + TOLERANCE_S)
    assert verifies(headers, body, new, at)


@given(SECRETS, SECRETS, st.binary(max_size=200), st.binary(min_size=1, max_size=9))
def test_another_secret_body_id_or_time_is_not_believed(secret: bytes, other: bytes, body: bytes, more: bytes) -> None:
    headers = signed("m-1", 1000, body, [secret])
    assert not verifies(headers, body + more, secret, 1000)
    assert not verifies(headers | {"webhook-id": "m-2"}, body, secret, 1000)
    assert not verifies(headers, body, secret, 1000 + TOLERANCE_S + 1)
    assert other == secret or not verifies(headers, body, other, 1000)


def test_the_published_library_believes_our_signature() -> None:
    webhooks = pytest.importorskip("standardwebhooks.webhooks")
    text, body = "whsec_" + base64.b64encode(b"k" * 32).decode(), b'{"a":1}'
    headers = signed("m-1", time.time(), body, [secret_of(text)])
    assert webhooks.Webhook(text).verify(body, headers) == {"a": 1}


@pytest.mark.parametrize("text", ["secret", "whsec_", "whsec_QUJD", "whsec_!!!", "QUJD" * 8])
def test_a_secret_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidConfig):
        secret_of(text)


INSIDE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_can_be_reached(address: str) -> None:
    with pytest.raises(ForbiddenDestination):
        check_address(address, ())


@pytest.mark.parametrize(("address", "network"), [("8.8.8.8", "::/128"), ("10.1.2.3", "10.1.0.0/16"), ("fd00::5", "fd00::/64")])
def test_public_and_allowed_addresses_can(address: str, network: str) -> None:
    check_address(address, networks_of([network]))


@pytest.mark.parametrize("url", ["ftp://a/", "file:///etc/passwd", "https://", "https://u:p@host/", "http://a:99999/", "//a", ""])
def test_only_plain_web_addresses_are_urls_of_a_webhook(url: str) -> None:
    with pytest.raises(ForbiddenDestination):
        host_and_port(url)


@pytest.mark.parametrize(
    "text",
    [
        "chanels: {}",
        "rules: [{name: a, events: [X], channels: [none]}]",
        "channels: {a: {type: webhook, url: 'https://x/'}}",
        "channels: {a: {type: pigeon}}",
        "{channels: {a: {type: inbox}}, rules: [{name: a, events: [ReviewDecided], channels: [a]}]}",
        "allow_networks: [everything]",
        "{",
    ],
)
def test_a_wrong_file_stops_the_start(text: str) -> None:
    with pytest.raises(InvalidConfig):
        load_notifications(text, "n.yaml", {})


def ours(**environment: str) -> Notifications:
    return load_notifications(Path("configs/notifications.yaml").read_text(), "configs/notifications.yaml", environment)


def channels_of(kind: str, config: Notifications) -> list[str]:
    return [made.channel for made in deliveries_for([Fact("approval-7", kind, 1.0, {"task": "digits"})], config)]


@pytest.mark.covers("000-65")
def test_a_rejection_notifies_the_stakeholders() -> None:
    assert channels_of("ApprovalRejected", ours(HITL_NOTIFY_EMAIL_URL="mailto://a:b@example.org")) == ["email", "dashboard"]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("ApprovalRequested", "digits-4 waits for votes: Nightly clean-up"),
        ("ApprovalEscalated", "digits-4 is escalated: Nightly clean-up"),
        ("Deployed", "digits: Deployed, deployment #2"),
    ],
)
def test_a_message_names_its_subject_as_the_console_does(kind: str, title: str) -> None:
    fields = {
        "task": "digits",
        "approval_id": "digits-4",
        "title": "Nightly clean-up",
        "rule": "manager_escalation",
        "generation": 2,
    }
    assert {made.title for made in deliveries_for([Fact("approval-7", kind, 1.0, fields)], ours())} == {title}


def test_a_channel_without_its_variable_gives_way_and_without_a_fallback_is_silent() -> None:
    assert channels_of("ApprovalRejected", ours(HITL_NOTIFY_SLACK_URL="slack://a/b/c")) == ["slack", "dashboard"]
    assert channels_of("ApprovalRejected", ours()) == ["operators", "dashboard"]
    assert channels_of("DecisionFinal", ours()) == ["mlflow"]


def test_the_ids_of_an_entry_count_on_over_its_events_and_rules() -> None:
    facts = [Fact("approval-7", "ApprovalRejected", 1.0, {"task": "digits"})] * 2
    assert [made.id for made in deliveries_for(facts, ours())] == [f"approval-7-{n}" for n in (1, 2, 3, 4)]


def test_a_second_secret_is_optional() -> None:
    secret = "whsec_" + "QUJD" * 8
    config = ours(HITL_WEBHOOK_URL="https://example.org/x", HITL_WEBHOOK_SECRET=secret)
    assert config.channels["webhook"].secrets == (secret,)


def test_events_that_no_rule_names_make_no_facts() -> None:
    approved = {"type": "ApprovalApproved", "approval_id": "digits-1", "task": "digits"}
    events = [approved, {"type": "VoteCast", "approval_id": "digits-1", "voter": "kim"}]
    commit = Commit(5.0, 1, "kim", "r", "Vote", "c", "f", {}, events)
    config = Notifications(
        channels={"box": Channel(type="inbox", to=("role:operator",))},
        rules=(NotificationRule(name="r", events=("ApprovalApproved",), channels=("box",)),),
    )
    assert config.kinds == {"ApprovalApproved", TRIAL}
    every, named = facts_of("approval", 7, commit), facts_of("approval", 7, commit, config.kinds)
    assert [fact.kind for fact in every] == ["ApprovalApproved", "VoteCast"]
    assert named == [fact for fact in every if fact.kind == "ApprovalApproved"]
    assert deliveries_for(named, config) == deliveries_for(every, config) != []
