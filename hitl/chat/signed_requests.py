"""Check that a request comes from Slack or from Teams, and that it is not an old one sent again.

Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack; Teams: "Create Outgoing Webhooks", section on HMAC.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from hitl.errors import Unauthenticated

TOLERANCE_S = 300.0
"""The clock difference that Slack recommends."""

REFUSED = "the signature does not fit the request, or its time is not now"


def check_slack_request(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> None:
    """Raises Unauthenticated. ``headers`` have names in lower case."""
    timestamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_number or abs(now - int(timestamp)) > TOLERANCE_S:
        raise Unauthenticated(REFUSED)
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Unauthenticated(REFUSED)


def check_teams_request(authorization: str, body: bytes, key: bytes) -> None:
    """Raises Unauthenticated. The time stands in the body: ``check_teams_time`` once it is parsed."""
    expected = "HMAC " + base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(expected.encode(), authorization.encode()):
        raise Unauthenticated(REFUSED)


def check_teams_time(timestamp: str, now: float) -> None:
    """Raises Unauthenticated for a message that was not sent just now (``timestamp`` is ISO 8601)."""
    try:
        at = datetime.fromisoformat(timestamp)
    except ValueError as error:
        raise Unauthenticated(REFUSED) from error
    if at.tzinfo is None or abs(now - at.timestamp()) > TOLERANCE_S:
        raise Unauthenticated(REFUSED)
