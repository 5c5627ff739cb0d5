"""Count the frames of an MP3: its decoder tells how long it lasts by the count in its first frame, or else by an estimate.

The layout is that of ISO/IEC 11172-3 and 13818-3 (MPEG 1 and 2, layer III), and of MPEG 2.5 for low rates.
"""

import re
import struct
from dataclasses import dataclass

KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""A second by the index in a frame's header; of MPEG 1, and of the others. At 0 the length is not said."""

RATES = (44_100, 48_000, 32_000)
"""Samples a second of MPEG 1; a half of it in MPEG 2, a quarter in MPEG 2.5."""

SHARE_OF_RATE = {3: 1, 2: 2, 0: 4}
"""By the two bits of the version."""

SAME = 0xFFFE0C00
"""The bits of a header that are the same in all frames of one recording: the version, the layer and the rate."""

MONO = 3
LAYER_3 = 0b01
ID3_HEAD, ID3_END = 10, 128
"""Bytes of the head of a tag in front (ID3v2), and of the tag at the end (ID3v1)."""

APE_FOOT = struct.Struct("<8s4xI4xI8x")
"""The end of an APE tag: its name, the length without a head of its own, and flags, whose highest says that it has one."""

DECODER_DELAY = 529
"""Samples by which every decoder of layer III is late; libsndfile takes them off where a head stands."""

PADDING = re.compile(rb"\0*")


@dataclass(frozen=True, slots=True)
class Mp3Length:
    """In samples of one channel. ``unheard`` are those that coding added at both ends, by what a head says: players leave at
    most these out."""

    samples: int
    unheard: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """``side`` is where its sound begins: behind the header, the checksum and the side information."""

    length: int
    samples: int
    side: int


def measure_mp3(data: bytes) -> Mp3Length | None:
    """Walk all frames; None where ``data`` is no one whole MP3: the last frame is cut, another recording or other bytes lie
    between the frames or behind them."""
    first = at = _start_of_frames(data)
    end, count, unheard = _end_of_frames(data), 0, 0
    while (frame := _frame_at(data, at)) is not None and at + frame.length <= end:
        if _is_other(data, first, at):
            return None
        if _is_head(data, at, frame):
            if at > first:
                return None
            unheard = _unheard_by(data[at + frame.side : at + frame.length])
        else:
            count += 1
        at, samples = at + frame.length, frame.samples
    if at == first or data[at:end].strip(b"\0") or at > end:
        return None
    return Mp3Length(count * samples, unheard)


def _start_of_frames(data: bytes) -> int:
    """Behind all tags in front, and the zeros behind these."""
    at = 0
    while data.startswith(b"ID3", at) and at + ID3_HEAD <= len(data):
        size = 0
        for each in data[at + 6 : at + ID3_HEAD]:
            size = size << 7 | each & 0x7F
        has_foot = data[at + 5] & 0x10
        at += ID3_HEAD + size + (ID3_HEAD if has_foot else 0)
    found = PADDING.match(data, at)
    return found.end() if found and at else 0


def _end_of_frames(data: bytes) -> int:
    """In front of the tags at the end."""
    end = len(data)
    if end >= ID3_END and data.startswith(b"TAG", end - ID3_END):
        end -= ID3_END
    if end >= APE_FOOT.size:
        name, length, flags = APE_FOOT.unpack_from(data, end - APE_FOOT.size)
        if name == b"APETAGEX":
            end -= int(length) + (APE_FOOT.size if flags >> 31 else 0)
    return end


def _frame_at(data: bytes, at: int) -> _Frame | None:
    """None where no frame of layer III begins, or one that does not say its length."""
    bits = int.from_bytes(data[at : at + 4])
    version, kbits, rate = bits >> 19 & 3, bits >> 12 & 15, bits >> 10 & 3
    if bits >> 21 != 0x7FF or bits >> 17 & 3 != LAYER_3 or version not in SHARE_OF_RATE or rate == 3 or not 0 < kbits < 15:
        return None
    is_1, is_mono, has_checksum = version == 3, bits >> 6 & 3 == MONO, not bits >> 16 & 1
    samples = 1152 if is_1 else 576
    bytes_s = (KBITS_1 if is_1 else KBITS_2)[kbits] * 125
    length = samples * bytes_s // (RATES[rate] // SHARE_OF_RATE[version]) + (bits >> 9 & 1)
    side = (17 if is_mono else 32) if is_1 else (9 if is_mono else 17)
    return _Frame(length, samples, 4 + 2 * has_checksum + side)


def _is_other(data: bytes, first: int, at: int) -> bool:
    """Tell whether the frame belongs to another recording than the first: another rate, or mono and not."""
    one, other = (int.from_bytes(data[place : place + 4]) for place in (first, at))
    return bool((one ^ other) & SAME) or (one >> 6 & 3 == MONO) != (other >> 6 & 3 == MONO)


def _is_head(data: bytes, at: int, frame: _Frame) -> bool:
    """Tell whether the frame counts the others, in the place of sound."""
    side = at + frame.side
    return data[side : side + 4] in (b"Xing", b"Info") and not any(data[at + 6 : side])


def _unheard_by(head: bytes) -> int:
    """The encoder's delay and padding, of 12 bits each; they stand behind what the head says by its flags. Of a padding that is
    shorter than its own delay the decoder takes that."""
    flags = int.from_bytes(head[4:8])
    at = 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) // 2 + 21
    both = int.from_bytes(head[at : at + 3]) if at + 3 <= len(head) else 0
    return (both >> 12) + max(both & 0xFFF, DECODER_DELAY)
