"""Sign what a link or a button may vote on, and read it back.

A token is ``base64url(JSON) "." base64url(HMAC-SHA256(secret, prefix ‖ JSON))``. It names exactly one request with the digest of
what is voted on, one person or the chat that vouches for the person, and its end. It cannot be used twice to another effect: a
person has one vote, and the state machine counts it.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import msgspec

from hitl.errors import NotFound

PREFIX = b"ray-hitl vote v1\x00"
"""What is signed with the same secret for another purpose is no link."""

MAX_TOKEN = 900
"""Characters: it is a part of a path; a button of Slack carries 2,000."""


class VoteLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``person`` is the account that votes by it; empty in a button, where the chat says who pressed it. ``expires_at``: UTC
    seconds."""

    approval_id: str
    digest: str
    person: str
    expires_at: float


def sign_link(link: VoteLink, secrets: Sequence[bytes]) -> str:
    """Sign a token, by the first of ``secrets``."""
    said = msgspec.json.encode(link)
    return f"{_text(said)}.{_text(_signature(said, secrets[0]))}"


def read_link(token: str, secrets: Sequence[bytes], now: float) -> VoteLink:
    """Return what the token says. Raises NotFound, the same for a forged, a damaged and an old one."""
    said, _, signature = token.partition(".")
    body, signed = _bytes(said), _bytes(signature)
    if len(token) > MAX_TOKEN or not any(hmac.compare_digest(_signature(body, secret), signed) for secret in secrets):
        raise NotFound("vote link", "that is valid")
    link = msgspec.json.decode(body, type=VoteLink)
    if now >= link.expires_at:
        raise NotFound("vote link", "that is valid")
    return link


def _signature(said: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, PREFIX + said, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Empty for what is no base64url: no signature is empty."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
