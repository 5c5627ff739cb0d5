"""Handles of blobs: what a client gets for a file, and names it by in a case."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput

KEY_CHARACTERS = 86
"""Base64 of 64 bytes, without padding."""

MEMBERS = frozenset({"sha256", "type", "bytes", "key"})
MAY_HAVE = frozenset({"pages", "duration_ms"})
HEX_LENGTH = 64
EXPECTED = "the handle of a file that you brought for this task: PUT /v1/tasks/{task}/blobs, then use its answer's blob as it is"


class FileFacts(NamedTuple):
    """What is known of a file: digest, type by its first bytes, length, the pages of a document, and how long a recording lasts
    in milliseconds; 0 where it is neither."""

    sha256: str
    type: str
    bytes: int
    pages: int = 0
    duration_ms: int = 0

    @property
    def signed(self) -> tuple[str | int, ...]:
        """What the code of a handle is made over. A length stands there only where there is one, so that handles from before
        recordings were taken stay good."""
        facts = (self.sha256, self.type, self.bytes, self.pages)
        return (*facts, self.duration_ms) if self.duration_ms else facts


class BlobHandle(msgspec.Struct, frozen=True, omit_defaults=True):
    """The members are those of FileFacts, and the ``key``, which hitl.blobs.ownership reads."""

    sha256: str
    type: str
    bytes: int
    key: str
    pages: int = 0
    duration_ms: int = 0

    @property
    def facts(self) -> FileFacts:
        return FileFacts(self.sha256, self.type, self.bytes, self.pages, self.duration_ms)

    def plain(self) -> JsonObject:
        found: JsonObject = msgspec.to_builtins(self)
        return found


def parse_handle(value: Any, types: Collection[str], place: str) -> BlobHandle:
    """Check the form of a handle in a case. Raises InvalidInput that names the place; whose it is, ``check_owner`` says."""
    found = _handle_or_none(value)
    if found is None or len(found.sha256) != HEX_LENGTH or len(found.key) != KEY_CHARACTERS or found.type not in types:
        raise InvalidInput(place, EXPECTED)
    return found


def handles_in(value: Any) -> Iterator[BlobHandle]:
    """Yield everything in a stored case that has the form of a handle, wherever it stands: what a task's file says of its input
    may have changed since. Nothing here tells whether a file stands behind it."""
    found = _handle_or_none(value)
    if found is not None:
        yield found
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from handles_in(part)


def _handle_or_none(value: Any) -> BlobHandle | None:
    if not isinstance(value, dict) or value.keys() - MAY_HAVE != MEMBERS:
        return None
    try:
        return msgspec.convert(value, BlobHandle)
    except msgspec.ValidationError:
        return None
