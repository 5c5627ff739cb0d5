"""Hear whole recordings, in the process that decodes files of others: as sound made anew, or as a picture of how loud they are.

libsndfile decodes them block by block: memory does not grow with how long they last.
"""

import io
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
from PIL import Image, ImageDraw

from hitl.adapters.checkers.decoding_wire import PICTURE, SOUND, Asked, Said
from hitl.adapters.checkers.mp3_frames import measure_mp3
from hitl.adapters.checkers.sound_ends import is_one_whole

Samples: TypeAlias = npt.NDArray[np.float32]
"""From -1 to 1, ``(frames, channels)``."""

MAX_SAMPLES = 30_000_000
"""Of all channels together, for an answer of bounded size: ten minutes at 48 kHz in one channel, half an hour at 16 kHz."""

UNKNOWN = 2**63 - 1
"""libsndfile's number of samples where a head says none, as of a FLAC that was written while it was recorded."""

LOWEST_HZ, HIGHEST_HZ = 4_000, 192_000
"""Samples a second that browsers play."""

BLOCK_FRAMES = 65_536

WAVE_SIZE = (1200, 160)
"""Pixels of the picture: one line across for each column."""

WAVE_COLOUR = (128, 128, 128, 255)
"""Grey on nothing: seen on light and on dark pages."""

FORMATS = {"wav": ("WAV", "WAVEX"), "flac": ("FLAC",), "ogg": ("OGG",), "mp3": ("MP3", "MPEG")}
CODINGS = frozenset(
    {"PCM_U8", "PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW", "VORBIS", "OPUS", "MPEG_LAYER_III"}
)
"""What browsers record and telephones send. libsndfile reads many more, which nobody has looked at for long."""


class _NoNumber(Exception):
    """A sample is infinite or no number, as floating point has them."""


def decode_sound(asked: Asked, data: bytes) -> tuple[Said, bytes]:
    """Decode all of it; return how long it lasts and, if asked, its sound as a new FLAC or its loudness as a PNG."""
    if not is_one_whole(asked.kind, data):
        return Said(expected=f"one whole {asked.kind} recording: this one is cut off, or holds another one or other bytes"), b""
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        if sound.format not in FORMATS[asked.kind] or sound.subtype not in CODINGS:
            return Said(expected="a recording in PCM, FLAC, Vorbis, Opus, MP3, or in the A-law or mu-law of telephones"), b""
        if expected := _beyond(sound, asked) or _not_heard(sound, asked.kind, data):
            return Said(expected=expected), b""
        frames, rate = sound.frames, sound.samplerate
        try:
            said, made = _drawn(sound) if asked.wanted == PICTURE else _heard(sound, asked.wanted == SOUND)
        except _NoNumber:
            return Said(expected="a recording whose samples are numbers: this one holds infinity or no number (NaN)"), b""
        if sound.tell() != frames:
            raise ValueError("fewer samples than its head says")
        said.duration_ms = max(1, round(1000 * frames / rate))
        return said, made


def _beyond(sound: soundfile.SoundFile, asked: Asked) -> str:
    """Say which limit it breaks; nothing where it keeps all."""
    frames, rate, channels = sound.frames, sound.samplerate, sound.channels
    if frames < 1:
        return "a recording with sound in it: this one has no sample"
    if frames == UNKNOWN:
        return "a recording whose head says how long it lasts"
    if channels > asked.max_channels:
        return f"at most {asked.max_channels} channels, came {channels}"
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        return f"{LOWEST_HZ} to {HIGHEST_HZ} samples a second, came {rate}"
    if frames > asked.max_seconds * rate:
        return f"at most {asked.max_seconds} seconds, came {frames / rate:.1f}"
    if frames * channels > MAX_SAMPLES:
        return f"at most {MAX_SAMPLES} samples in all channels, came {frames * channels}: send fewer a second"
    return ""


def _not_heard(sound: soundfile.SoundFile, kind: str, data: bytes) -> str:
    """Say what to send for an MP3 of whose frames people would hear a part alone; nothing where they hear all. Without a head
    libsndfile estimates how long it lasts, and plays so much."""
    length = measure_mp3(data) if kind == "mp3" else None
    if length is None or 0 <= length.samples - sound.frames <= length.unheard:
        return ""
    return (
        f"an MP3 whose first frame (Xing, Info) says how long it lasts: its frames hold {length.samples} samples in each channel,"
        f" a player takes it for {sound.frames}. Encode it anew with such a frame, or send WAV, FLAC or Ogg"
    )


def _heard(sound: soundfile.SoundFile, is_wanted: bool) -> tuple[Said, bytes]:
    """The samples alone in a file of 16 bits: no title, no place, no picture of a cover, nothing behind the end."""
    if not is_wanted:
        for _ in _blocks(sound, BLOCK_FRAMES):
            pass
        return Said(), b""
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", sound.samplerate, sound.channels, "PCM_16", format="FLAC") as fresh:
        for block in _blocks(sound, BLOCK_FRAMES):
            fresh.write(block)
    return Said(kind="flac"), out.getvalue()


def _drawn(sound: soundfile.SoundFile) -> tuple[Said, bytes]:
    """Each column is as high as the loudest of its samples, in all channels."""
    columns, height = WAVE_SIZE
    frames = -(-sound.frames // columns)
    drawn = Image.new("RGBA", WAVE_SIZE, (0, 0, 0, 0))
    pen, middle = ImageDraw.Draw(drawn), height // 2
    for at, block in enumerate(_blocks(sound, frames)):
        half = int(middle * min(1.0, float(np.abs(block).max())))
        left, right = (columns * place * frames // sound.frames for place in (at, at + 1))
        pen.rectangle((left, middle - half, max(left, min(right, columns) - 1), middle + half), fill=WAVE_COLOUR)
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=3)
    return Said(kind="png", width=columns, height=height), out.getvalue()


def _blocks(sound: soundfile.SoundFile, frames: int) -> Iterator[Samples]:
    """Each of ``frames``; the last one may be shorter. Raises _NoNumber."""
    while len(block := sound.read(frames, "float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise _NoNumber
        yield block
