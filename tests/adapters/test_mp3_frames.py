"""The frames of an MP3, counted by their headers: what is one whole recording, and how long it lasts."""

import struct

import pytest

from hitl.adapters.checkers.mp3_frames import Mp3Length, measure_mp3
from tests.fixtures.sounds import recording, with_delay, without_head

MP3 = recording("mp3")
HEADLESS = without_head(MP3)
ID3_FRONT = b"ID3\x04\0\0\0\0\x01\x00" + bytes(128)
ID3_END = b"TAG".ljust(128, b" ")


def ape(length: int, flags: int) -> bytes:
    """The head or the foot of an APE tag."""
    return struct.pack("<8sIIII8x", b"APETAGEX", 2000, length, 0, flags)


APE_END = ape(32, 0xA0000000) + ape(32, 0x80000000)
LENGTH = Mp3Length(17_280, 1280)
"""30 frames of 576 samples; LAME's delay of 576 and padding of 704."""

MPEG_1 = b"\xff\xfb\x90\xc4".ljust(417, b"\x55")
"""A frame of 128 kbit/s at 44.1 kHz in mono, of 417 bytes; the sound in it does not matter here."""

MPEG_2_5 = b"\xff\xe3\x48\xc4".ljust(288, b"\x55")
"""32 kbit/s at 8 kHz."""


@pytest.mark.parametrize(
    "data",
    [
        MP3,
        ID3_FRONT + MP3,
        ID3_FRONT * 2 + bytes(7) + MP3,
        MP3 + ID3_END,
        MP3 + APE_END + ID3_END,
        MP3 + ape(32, 0),
        MP3 + bytes(50),
    ],
    ids=[
        "plain",
        "tag in front",
        "two tags and zeros",
        "tag at the end",
        "both tags at the end",
        "an old tag",
        "zeros at the end",
    ],
)
def test_tags_are_no_part_of_the_length(data: bytes) -> None:
    assert measure_mp3(data) == LENGTH


def test_without_a_head_every_sample_is_heard() -> None:
    assert measure_mp3(HEADLESS) == Mp3Length(17_280, 0)


@pytest.mark.parametrize(("frame", "samples"), [(MPEG_1, 1152), (MPEG_2_5, 576)], ids=["MPEG 1", "MPEG 2.5"])
def test_each_version_has_its_own_samples_a_frame(frame: bytes, samples: int) -> None:
    assert measure_mp3(frame * 3) == Mp3Length(3 * samples, 0)


@pytest.mark.parametrize(("delay", "padding", "unheard"), [(0, 0, 529), (576, 100, 1105), (1105, 700, 1805)])
def test_a_player_leaves_out_what_the_head_says_and_its_own_delay(delay: int, padding: int, unheard: int) -> None:
    assert measure_mp3(with_delay(MP3, delay, padding)) == Mp3Length(17_280, unheard)


def test_a_padded_frame_is_one_byte_longer() -> None:
    padded = b"\xff\xfb\x92\xc4".ljust(418, b"\x55")
    assert measure_mp3(MPEG_1 + padded + MPEG_1) == Mp3Length(3 * 1152, 0)


def test_a_frame_with_a_checksum_may_be_the_head() -> None:
    """The checksum of two bytes stands between the header and the side information."""
    head = (b"\xff\xfa\x90\xc4" + b"\x12\x34" + bytes(17) + b"Info").ljust(417, b"\0")
    assert measure_mp3(head + MPEG_1 * 2) == Mp3Length(2 * 1152, 529)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ID3",
        ID3_FRONT,
        MP3[:-1],
        MP3 + b"secret",
        MP3[:600] + b"secret" + MP3[612:],
        MP3 + MP3,
        MP3 + ID3_FRONT + MP3,
        MP3 + ID3_END + MP3,
        MPEG_1 + MPEG_2_5,
        MPEG_1 + b"\xff\xfb\x90\x04".ljust(417, b"\x55"),
        b"\xff\xfb\x00\xc4".ljust(417, b"\x55"),
        MP3 + ape(2**32 - 1, 0),
    ],
    ids=[
        "nothing",
        "the start of a tag",
        "a tag alone",
        "the last frame is cut",
        "other bytes at the end",
        "other bytes within",
        "a second head",
        "a second one behind a tag",
        "a second one behind a tag of the end",
        "another rate",
        "stereo behind mono",
        "a frame of no said length",
        "a tag longer than the file",
    ],
)
def test_what_is_no_one_whole_mp3_has_no_length(data: bytes) -> None:
    assert measure_mp3(data) is None
