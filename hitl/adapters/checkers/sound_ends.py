"""Whether a recording ends where its file says. libsndfile plays what is there, and does not say that the rest is missing, or
that a second recording follows."""

import re
import struct

from hitl.adapters.checkers.mp3_frames import measure_mp3

RIFF_HEAD = 12
CHUNK = struct.Struct("<4sI")
"""The name and the length of a part of a WAV."""

SAMPLES = b"data"
SECOND_WAV = (b"RIFF", SAMPLES)
"""Parts that no WAV has behind its samples, but one behind the other has."""

OGG_HEAD = 27
LAST_PAGE = 4
"""The bit of a page's flags that says that its stream ends."""

FLAC_HEAD = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")
"""How every FLAC begins: its name, then the block that says its rate and its length, of 34 bytes (RFC 9639, section 8.2). Sound
has these eight bytes by chance in one of 10^11 files of 20 MB."""


def is_one_whole(kind: str, data: bytes) -> bool:
    """Tell whether ``data`` holds all of one recording, and no second one that nobody would hear.

    Not told are: other bytes behind the end of a WAV, a FLAC or an Ogg, and a recording behind such bytes in a WAV or an Ogg;
    frames of a FLAC behind those that its head counts; and a FLAC that is cut, which its decoder refuses.
    """
    if kind == "mp3":
        return measure_mp3(data) is not None
    if kind == "flac":
        return FLAC_HEAD.search(data, 1) is None
    return _has_whole_data(data) if kind == "wav" else _is_one_stream(data)


def _has_whole_data(data: bytes) -> bool:
    """RIFF: chunks of even length, one of which holds the samples."""
    at, is_found = RIFF_HEAD, False
    while at + CHUNK.size <= len(data):
        name, length = CHUNK.unpack_from(data, at)
        if is_found and name in SECOND_WAV:
            return False
        at += CHUNK.size + int(length)
        if name == SAMPLES:
            if at > len(data) or data.startswith(SECOND_WAV, at):
                return False
            is_found = True
        at += length % 2
    return is_found


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
