"""The process that decodes pictures, documents and recordings of others: it forks for each, under limits that end by killing.

A fork costs milliseconds where a new process would cost the imports of Pillow, and what a hostile file breaks is gone with it:
the next file, another client's, is decoded in a process that has never seen it. Nothing else of the product is imported here.
"""

import io
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

import msgspec
from PIL import ExifTags, Image, ImageOps, JpegImagePlugin, MpoImagePlugin, WebPImagePlugin

from hitl.adapters.checkers.decoding_pages import decode_document
from hitl.adapters.checkers.decoding_wire import LENGTHS, TOO_MUCH, Asked, Cut, Said, message_of, read_message

MAX_SIDE = 4096
"""Pixels: larger pictures are shown smaller, for an answer of bounded size."""

BASE_MEMORY, PIXEL_BYTES = 768 * 2**20, 16
"""Address space: the libraries, and the copies of a picture while it is turned and converted."""

REDUCING_GAP = 3.0
"""A picture that is much larger is first reduced by whole numbers, to three times what is wanted: quick, and as good."""

REDUCED = 8
"""The most by which libjpeg reduces a picture while it decodes."""

LYING = frozenset({5, 6, 7, 8})
"""EXIF's orientations of pictures that lie on a side: upright, width and height change places."""

READ_BYTES = 2**20
READERS = (MpoImagePlugin, WebPImagePlugin)
"""Imported before the forks; ``preinit`` imports the others."""

FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",)}

Decode: TypeAlias = Callable[[Asked, bytes], tuple[Said, bytes]]


def main() -> None:
    """Answer one request after the other, until the input ends."""
    Image.preinit()
    while (request := read_message(sys.stdin.buffer)) is not None:
        head, data = request
        asked = msgspec.json.decode(head, type=Asked)
        _decoder_of(asked.kind)  # imported here, so that each fork has it
        answer = _in_a_child(asked, data)
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def decode(asked: Asked, data: bytes) -> tuple[Said, bytes]:
    """Decode the whole file; return what it is and, if asked, what people see or hear of it as a new file without anything
    else."""
    return _decoder_of(asked.kind)(asked, data)


def _decoder_of(kind: str) -> Decode:
    """What reads recordings is imported with the first of them: a process that decodes pictures alone has no need of it."""
    if kind == "pdf":
        return decode_document
    if kind in FORMATS:
        return _decode_picture
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of numpy: else address space for each core, and threads that a fork leaves behind
    from hitl.adapters.checkers.decoding_sound import decode_sound

    return decode_sound


def _in_a_child(asked: Asked, data: bytes) -> bytes:
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _decode_and_leave(asked, data, into)
    os.close(into)
    try:
        found = _read_until(out, time.monotonic() + asked.wall_s)
    finally:
        os.close(out)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return found if _is_whole(found) else message_of(Said(expected=TOO_MUCH), b"")


def _read_until(out: int, deadline: float) -> bytes:
    found = bytearray()
    while (left := deadline - time.monotonic()) > 0 and select.select([out], [], [], left)[0]:
        chunk = os.read(out, READ_BYTES)
        if not chunk:
            return bytes(found)
        found += chunk
    return b""


def _is_whole(found: bytes) -> bool:
    return len(found) >= LENGTHS.size and len(found) == LENGTHS.size + sum(LENGTHS.unpack_from(found))


def _decode_and_leave(asked: Asked, data: bytes, into: int) -> None:
    """Never returns. The child has no other stream than ``into``: it cannot answer for another file."""
    try:
        for stream in (0, 1):
            os.close(stream)
        memory = BASE_MEMORY + PIXEL_BYTES * asked.max_pixels
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (asked.cpu_s, asked.cpu_s))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        answer = memoryview(_answer(asked, data))
        while answer:
            answer = answer[os.write(into, answer) :]
    finally:
        os._exit(0)


def _answer(asked: Asked, data: bytes) -> bytes:
    try:
        said, rendered = decode(asked, data)
    except MemoryError:
        said, rendered = Said(expected=TOO_MUCH), b""
    except Exception:  # noqa: BLE001 - the readers of broken files fail in any way, and what they say is about their inside
        said, rendered = Said(expected=f"a whole {asked.kind} file: this one cannot be decoded"), b""
    return message_of(said, rendered)


def _decode_picture(asked: Asked, data: bytes) -> tuple[Said, bytes]:
    Image.MAX_IMAGE_PIXELS = None  # the task's own limit is checked below, before a pixel is decoded
    with Image.open(io.BytesIO(data), formats=list(FORMATS[asked.kind])) as picture:
        width, height = picture.size
        if width * height > asked.max_pixels:
            return Said(expected=f"at most {asked.max_pixels} pixels, came {width} x {height}"), b""
        if asked.kind != "jpeg" and getattr(picture, "n_frames", 1) > 1:
            return Said(expected="a picture that stands still: people would see its first frame alone"), b""
        if asked.cut is not None:
            reduce_to(picture, asked.cut)
        elif not asked.wanted:
            _reduce(picture)
        picture.load()
        if asked.cut is not None:
            return _cut(picture, asked.cut)
        if not asked.wanted:
            return Said(kind=asked.kind, width=width, height=height), b""
        return _render(picture, asked.kind)


def _reduce(picture: Image.Image) -> None:
    """Let a JPEG that is only tried be decoded at an eighth of its size: all of its data is read all the same, which tells a
    broken one, and the pixels that nobody will see are left out. Other types have no such way."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.draft(None, (max(picture.width // REDUCED, 1), max(picture.height // REDUCED, 1)))


def reduce_to(picture: Image.Image, cut: Cut) -> None:
    """Let a JPEG be decoded at a half, a quarter or an eighth of its size where that is still REDUCING_GAP times what ``cut``
    wants: as large as the scaling would first reduce it to, without drawing more."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        is_turned = picture.getexif().get(ExifTags.Base.Orientation) in LYING
        width, height = _scaled(cut, *(reversed(picture.size) if is_turned else picture.size))
        wanted = (height, width) if is_turned else (width, height)
        picture.draft(None, (round(wanted[0] * REDUCING_GAP), round(wanted[1] * REDUCING_GAP)))


def _scaled(cut: Cut, width: int, height: int) -> tuple[int, int]:
    """Width and height that an upright picture of these is scaled to."""
    wanted_height, wanted_width = cut.resize
    if not cut.cover:
        return wanted_width, wanted_height
    factor = max(wanted_height / height, wanted_width / width)
    return max(round(width * factor), wanted_width), max(round(height * factor), wanted_height)


def _render(picture: Image.Image, kind: str) -> tuple[Said, bytes]:
    upright = _plain(ImageOps.exif_transpose(picture))
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    fresh = Image.new(upright.mode, upright.size)  # a file of pixels alone: no profile, no place where it was taken
    fresh.paste(upright)
    out, is_png = io.BytesIO(), kind == "png" or fresh.mode in ("RGBA", "LA")
    if is_png:
        fresh.save(out, "PNG", compress_level=3)
    else:
        fresh.save(out, "JPEG", quality=90)
    return Said(kind="png" if is_png else "jpeg", width=fresh.width, height=fresh.height), out.getvalue()


def _cut(picture: Image.Image, cut: Cut) -> tuple[Said, bytes]:
    """The middle of the upright picture, on white, as a model wants it."""
    plain = _plain(ImageOps.exif_transpose(picture))
    if plain.mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain)
    plain = plain.convert("L" if cut.grey else "RGB")
    width, height = _scaled(cut, *plain.size)
    scaled = plain.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=REDUCING_GAP)
    left, top = (width - cut.size[1]) // 2, (height - cut.size[0]) // 2
    pixels = scaled.crop((left, top, left + cut.size[1], top + cut.size[0]))
    return Said(kind="pixels", width=pixels.width, height=pixels.height), pixels.tobytes()


def _plain(picture: Image.Image) -> Image.Image:
    """``picture`` in grey or colours of 8 bits."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode == "L" else picture.convert("RGB")
