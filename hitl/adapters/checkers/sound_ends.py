"""Whether a recording ends where its file says. libsndfile plays what is there, and does not say that the rest is missing.

FLAC and MP3 need no look from here: the one fails where it is cut, of the other libsndfile counts the frames that its head gives.
"""

import struct

RIFF_HEAD = 12
CHUNK = struct.Struct("<4sI")
"""The name and the length of a part of a WAV."""

OGG_HEAD = 27
LAST_PAGE = 4
"""The bit of a page's flags that says that its stream ends."""


def is_one_whole(kind: str, data: bytes) -> bool:
    """Tell whether ``data`` holds all of one recording, and no second one that nobody would hear."""
    if kind == "wav":
        return _has_whole_data(data)
    return _is_one_stream(data) if kind == "ogg" else True


def _has_whole_data(data: bytes) -> bool:
    """RIFF: chunks of even length, one of which holds the samples."""
    at = RIFF_HEAD
    while at + CHUNK.size <= len(data):
        name, length = CHUNK.unpack_from(data, at)
        at += CHUNK.size + int(length)
        if name == b"data":
            return at <= len(data)
        at += length % 2
    return False


def _is_one_stream(data: bytes) -> bool:
    """Ogg (RFC 3533): pages, each with the number of its stream; the last one of a stream says so."""
    at, stream = 0, data[14:18]
    while data.startswith(b"OggS", at) and at + OGG_HEAD <= len(data):
        lengths = data[at + OGG_HEAD : at + OGG_HEAD + data[at + 26]]
        end = at + OGG_HEAD + data[at + 26] + sum(lengths)
        if end > len(data) or data[at + 14 : at + 18] != stream:
            return False
        if data[at + 5] & LAST_PAGE:
            return not data.startswith(b"OggS", end)
        at = end
    return False
