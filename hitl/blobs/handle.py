"""Handles of blobs: what a client gets for a file, and names it by in a case."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput

KEY_CHARACTERS = 86
"""Base64 of 64 bytes, without padding."""

MEMBERS = frozenset({"sha256", "type", "bytes", "key"})
HEX_LENGTH = 64
EXPECTED = "the handle of a file that you brought for this task: PUT /v1/tasks/{task}/blobs, then use its answer's blob as it is"


class BlobHandle(msgspec.Struct, frozen=True):
    """``sha256`` and ``bytes`` are those of the file as it was brought, ``type`` what its first bytes say."""

    sha256: str
    type: str
    bytes: int
    key: str

    def plain(self) -> JsonObject:
        return {"sha256": self.sha256, "type": self.type, "bytes": self.bytes, "key": self.key}


def parse_handle(value: Any, types: Collection[str], place: str) -> BlobHandle:
    """Check the form of a handle in a case. Raises InvalidInput that names the place; whose it is, ``check_owner`` says."""
    if type(value) is not dict or value.keys() != MEMBERS:
        raise InvalidInput(place, EXPECTED)
    digest, kind, size, key = value["sha256"], value["type"], value["bytes"], value["key"]
    texts_fit = type(digest) is str and len(digest) == HEX_LENGTH and type(key) is str and len(key) == KEY_CHARACTERS
    if not texts_fit or type(size) is not int or kind not in types:
        raise InvalidInput(place, EXPECTED)
    return BlobHandle(digest, kind, size, key)


def handles_in(value: Any) -> Iterator[BlobHandle]:
    """Yield everything in a stored case that has the form of a handle, wherever it stands: what a task's file says of its input
    may have changed since. Nothing here tells whether a file stands behind it."""
    if isinstance(value, dict) and value.keys() == MEMBERS and isinstance(value["key"], str):
        with suppress(msgspec.ValidationError):
            yield msgspec.convert(value, BlobHandle)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from handles_in(part)
