"""What goes to the process that decodes files of cases, and what comes back: a JSON head with bytes behind it."""

import struct
from typing import IO, Literal, TypeAlias

import msgspec

LENGTHS = struct.Struct(">II")
"""Of the head and of the bytes, in front of both."""

Wanted: TypeAlias = Literal["", "picture", "sound"]
PICTURE: Wanted = "picture"
SOUND: Wanted = "sound"

TOO_MUCH = "one that can be decoded within the limits of memory and time"


class Cut(msgspec.Struct):
    """The pixels that a model wants: scaled to ``resize``, or with ``cover`` until it covers that, then the middle of ``size``;
    sides are height, width."""

    size: tuple[int, int]
    resize: tuple[int, int]
    cover: bool
    grey: bool


class Asked(msgspec.Struct):
    """``wanted`` empty: only whether it can be decoded is asked; else a picture of it, or its sound. ``page`` is that of a
    document, from 1 on. With ``cut`` the answer's bytes are the pixels themselves, row by row, of a picture."""

    kind: str
    wanted: Wanted
    wall_s: float
    cpu_s: int
    max_pixels: int = 0
    max_pages: int = 1
    max_seconds: int = 0
    max_channels: int = 0
    page: int = 1
    cut: Cut | None = None


class Said(msgspec.Struct):
    """``expected`` is empty for a file that was decoded; else it says what was expected in its place. ``pages`` are a
    document's, ``duration_ms`` is a recording's."""

    expected: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    pages: int = 0
    duration_ms: int = 0


def message_of(head: msgspec.Struct, data: bytes) -> bytes:
    text = msgspec.json.encode(head)
    return LENGTHS.pack(len(text), len(data)) + text + data


def read_message(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Return head and bytes; None where the stream has ended."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, data = LENGTHS.unpack(lengths)
    return stream.read(head), stream.read(data)
