"""Whose a blob is: the ``key`` of a handle says where the bytes are and what opens them, for one client and task alone.

It is opaque to clients: ``base64url(name ‖ data key ‖ first 128 bits of HMAC-SHA256)``. The code is made over the client, the
task and the whole handle, so that an account can name only what it brought for this task, and no store has to be asked.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass

from hitl.blobs.handle import EXPECTED, BlobHandle, FileFacts
from hitl.blobs.names import NAME_BYTES, BlobName, new_name
from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.sealing.keyring import KEY_BYTES, RandomBytes

CODE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Blob:
    """What the ``key`` of a handle says: where the bytes are, and what opens them."""

    name: BlobName
    data_key: bytes


def mint_handle(
    secret: bytes, client: str, task: str, now: float, facts: FileFacts, random_bytes: RandomBytes
) -> tuple[BlobHandle, Blob]:
    """Return a new handle for a file, and where to keep its bytes."""
    blob = Blob(new_name(now, random_bytes), random_bytes(KEY_BYTES))
    opened = bytes.fromhex(blob.name.text) + blob.data_key
    code = _code(secret, client, task, facts, opened)
    key = base64.urlsafe_b64encode(opened + code).decode().rstrip("=")
    return BlobHandle(facts.sha256, facts.type, facts.bytes, key, facts.pages, facts.duration_ms), blob


def check_owner(secret: bytes, client: str, task: str, handle: BlobHandle, place: str) -> Blob:
    """Return what ``handle`` says. Raises InvalidInput for one that this client did not get for this task: whether it is
    anybody's is not told."""
    opened = _opened(handle)
    expected = _code(secret, client, task, handle.facts, opened[:-CODE_BYTES])
    if not hmac.compare_digest(opened[-CODE_BYTES:], expected):
        raise InvalidInput(place, EXPECTED)
    return _blob(opened)


def open_handle(handle: BlobHandle) -> Blob:
    """Return what the handle of a stored case says: its owner was checked when the case came."""
    return _blob(_opened(handle))


def _blob(opened: bytes) -> Blob:
    return Blob(BlobName(opened[:NAME_BYTES].hex()), opened[NAME_BYTES : NAME_BYTES + KEY_BYTES])


def _opened(handle: BlobHandle) -> bytes:
    """All zeros for what is no base64: no code fits it."""
    try:
        found = base64.b64decode(handle.key + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        found = b""
    return found if len(found) == NAME_BYTES + KEY_BYTES + CODE_BYTES else bytes(NAME_BYTES + KEY_BYTES + CODE_BYTES)


def _code(secret: bytes, client: str, task: str, facts: FileFacts, opened: bytes) -> bytes:
    """No case's id is made from such a text: it has no NUL at these places, and JSON has none at all."""
    text = canonical({"blob": [client, task, *facts.signed, opened.hex()]})
    return hmac.digest(secret, text, "sha256")[:CODE_BYTES]
