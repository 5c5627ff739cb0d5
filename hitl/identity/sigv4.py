"""Verify AWS Signature Version 4 (AWS General Reference, "Create a signed AWS API request"), for one service.

Pure: the caller brings the request as it came, the secret and the time.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from hitl.errors import Unauthenticated

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
TOLERANCE_S = 300.0
"""A request that is older or newer is refused: a recorded one cannot be sent again later."""

SCOPE = r"(?P<date>\d{8})/(?P<region>[a-z0-9-]{1,64})/(?P<service>[a-z0-9-]{1,64})"
HEADER = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[A-Za-z0-9]{{1,128}})/{SCOPE}/{TERMINATOR}, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]{1,2000}), ?Signature=(?P<signature>[0-9a-f]{64})"
)
TIME = re.compile(r"\d{8}T\d{6}Z")
ALWAYS_SIGNED = frozenset({"host", "x-amz-date"})
SIGNED_IF_SENT = frozenset({"idempotency-key"})
"""Headers of our own that change what a request does."""

REFUSED = "sign the request with AWS Signature Version 4, a signing secret of this service, and the time of now"


@dataclass(frozen=True, slots=True)
class Signature:
    """What the ``Authorization`` header says: whose it is, for what, and over which headers."""

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """``headers`` by lower-case name; ``query`` as it stands behind the question mark."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def read_signature(authorization: str | None, service: str) -> Signature:
    """Raises Unauthenticated for another scheme or another service."""
    found = HEADER.fullmatch(authorization or "")
    if found is None or found["service"] != service:
        raise Unauthenticated(REFUSED)
    signed = tuple(found["headers"].split(";"))
    return Signature(found["key"], found["date"], found["region"], found["service"], signed, found["signature"])


def check_signature(request: SignedRequest, said: Signature, secret: str, now: float) -> None:
    """Raises Unauthenticated unless the owner of ``secret`` signed exactly this request, just now."""
    stamp = request.headers.get("x-amz-date", "")
    if not _is_of_now(stamp, now) or stamp[:8] != said.date or not _signs_enough(request, said):
        raise Unauthenticated(REFUSED)
    declared = request.headers.get("x-amz-content-sha256")
    digest = hashlib.sha256(request.body).hexdigest()
    if declared is not None and declared != digest:
        raise Unauthenticated(REFUSED)
    scope = f"{said.date}/{said.region}/{said.service}/{TERMINATOR}"
    hashed = hashlib.sha256(_canonical(request, said, digest).encode()).hexdigest()
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    expected = hmac.new(_signing_key(secret, said), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, said.signature):
        raise Unauthenticated(REFUSED)


def _signs_enough(request: SignedRequest, said: Signature) -> bool:
    """Host and time always, and each header that is AWS's own or has an effect: what is not signed could have been changed."""
    sent = {name for name in request.headers if name.startswith("x-amz-") or name in SIGNED_IF_SENT}
    needed = ALWAYS_SIGNED | sent
    names = said.signed_headers
    is_ordered = list(names) == sorted(set(names))
    return is_ordered and needed <= set(names) <= request.headers.keys()


def _canonical(request: SignedRequest, said: Signature, digest: str) -> str:
    """Return the canonical request. Our paths have only characters that no encoding changes."""
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in parse_qsl(request.query, keep_blank_values=True))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in said.signed_headers)
    path = quote(request.path, safe="/~")
    return "\n".join([request.method, path, query, headers, ";".join(said.signed_headers), digest])


def _signing_key(secret: str, said: Signature) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (said.date, said.region, said.service, TERMINATOR):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _is_of_now(stamp: str, now: float) -> bool:
    if not TIME.fullmatch(stamp):
        return False
    try:
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return False
    return abs(at - now) <= TOLERANCE_S


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
