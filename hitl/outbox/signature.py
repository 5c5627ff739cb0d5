"""Sign webhooks as Standard Webhooks specifies: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

``v1,base64(HMAC-SHA256(secret, id ‖ "." ‖ timestamp ‖ "." ‖ body))``, one signature for each secret while two are in use.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from hitl.errors import InvalidConfig

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64
"""The specification's bounds of a secret."""

TOLERANCE_S = 300.0
"""A receiver refuses what is older or newer: a recorded request cannot be sent again later."""


def secret_of(text: str) -> bytes:
    """Return the key behind ``whsec_<base64>``. Raises InvalidConfig."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise InvalidConfig("notifications", "secrets", "expected whsec_ and base64") from error
    if not text.startswith(PREFIX) or not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise InvalidConfig("notifications", "secrets", f"expected {PREFIX} and {FEWEST_BYTES} to {MOST_BYTES} bytes in base64")
    return key


def signed(message_id: str, at: float, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Return the three headers. Every secret signs, so that a receiver may know the old or the new one."""
    timestamp = str(int(at))
    signatures = " ".join(_sign(message_id, timestamp, body, secret) for secret in secrets)
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}


def verifies(headers: Mapping[str, str], body: bytes, secret: bytes, now: float) -> bool:
    """Tell whether a receiver with ``secret`` may believe the message at ``now``; header names in lower case."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    expected = _sign(message_id, timestamp, body, secret)
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given)


def _sign(message_id: str, timestamp: str, body: bytes, secret: bytes) -> str:
    text = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
