"""Requests of Slack and Teams: the published examples, and everything that is not exactly that."""

import pytest

from hitl.chat.signed_requests import check_slack_request, check_teams_request, check_teams_time
from hitl.errors import Unauthenticated

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
AT = 1531420618
HEADERS = {
    "x-slack-request-timestamp": str(AT),
    "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
}
"""The worked example of Slack's documentation."""


def test_the_documented_example_of_slack_passes() -> None:
    check_slack_request(HEADERS, BODY, SECRET, AT + 299.0)


@pytest.mark.parametrize(
    ("headers", "body", "secret", "now"),
    [
        (HEADERS, BODY, SECRET, AT + 301.0),
        (HEADERS, BODY, SECRET, AT - 301.0),
        (HEADERS, BODY + b" ", SECRET, AT),
        (HEADERS, BODY, SECRET[::-1], AT),
        ({**HEADERS, "x-slack-request-timestamp": str(AT + 1)}, BODY, SECRET, AT),
        ({**HEADERS, "x-slack-request-timestamp": "١"}, BODY, SECRET, AT),
        ({**HEADERS, "x-slack-request-timestamp": "9" * 400}, BODY, SECRET, AT),
        ({**HEADERS, "x-slack-signature": ""}, BODY, SECRET, AT),
        ({}, BODY, SECRET, AT),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], body: bytes, secret: str, now: float) -> None:
    with pytest.raises(Unauthenticated):
        check_slack_request(headers, body, secret, now)


SIGNED = "HMAC PuiyMrANOKZRJWl7jKlpAtQy3VWOsUk5/9oHI2R+f4E="


def test_teams_signs_the_body_by_the_webhooks_key() -> None:
    check_teams_request(SIGNED, b"{}", b"k" * 32)


@pytest.mark.parametrize(
    ("authorization", "body", "key"),
    [(SIGNED, b"{ }", b"k" * 32), (SIGNED, b"{}", b"K" * 32), ("", b"{}", b"k" * 32), (SIGNED[5:], b"{}", b"k" * 32)],
)
def test_any_other_message_of_teams_is_refused(authorization: str, body: bytes, key: bytes) -> None:
    with pytest.raises(Unauthenticated):
        check_teams_request(authorization, body, key)


@pytest.mark.parametrize("timestamp", ["2026-11-29T00:06:00Z", "2026-11-28T23:54:00Z", "2026-11-29T00:00:00", "soon", ""])
def test_a_message_of_teams_that_is_not_of_now_is_refused(timestamp: str) -> None:
    with pytest.raises(Unauthenticated):
        check_teams_time(timestamp, 1_795_910_400.0)


def test_a_message_of_teams_is_of_now() -> None:
    check_teams_time("2026-11-29T00:04:59.1234567Z", 1_795_910_400.0)
