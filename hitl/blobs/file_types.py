"""The types of files that cases may have, by their first bytes; nothing here decodes one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from hitl.errors import InvalidInput

PictureType = Literal["jpeg", "png", "webp"]
PageType = Literal["pdf", "jpeg", "png", "webp"]
AudioType = Literal["wav", "flac", "ogg", "mp3"]
FileType: TypeAlias = PageType | AudioType
AUDIO_TYPES: tuple[AudioType, ...] = get_args(AudioType)
PAGE_TYPES: tuple[PageType, ...] = get_args(PageType)
FILE_TYPES: tuple[FileType, ...] = (*PAGE_TYPES, *AUDIO_TYPES)

MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    **{kind: f"audio/{kind}" for kind in ("wav", "flac", "ogg")},
}
"""Of the types that are no picture."""

MARKUP = re.compile(rb"<(?:script|html|svg|!doctype html|iframe|body)[\s>/]", re.IGNORECASE)
"""No picture and no recording needs it; a file that is one of them and a page at once was made to be taken for the other."""

HEAD_BYTES, END_BYTES = 2**16, 2**12
"""Of a recording, where markup is looked for: there titles stand, and the bytes by which a browser guesses a type. Samples
hold `<svg ` by chance in one of a thousand files of 20 MB; people get sound made anew in any case."""

_RIFF: dict[bytes, FileType] = {b"WEBP": "webp", b"WAVE": "wav"}
_MPEG_LAYER_3 = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
"""The first bits of a frame: all set, then the version, layer III, and whether a checksum follows."""


@dataclass(frozen=True, slots=True)
class FileTerms:
    """What a task takes; ``max_pages`` are a document's, ``max_seconds`` and ``max_channels`` a recording's."""

    types: Sequence[str]
    max_bytes: int
    max_pixels: int = 0
    max_pages: int = 1
    max_seconds: int = 0
    max_channels: int = 0


def type_of(data: bytes) -> FileType | None:
    """Return the type that the first bytes say; None for another one.

    >>> type_of(b"<svg xmlns=")
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    return "pdf" if data.startswith(b"%PDF-") else _audio_type_of(data)


def _audio_type_of(data: bytes) -> AudioType | None:
    if data.startswith(b"fLaC"):
        return "flac"
    if data.startswith(b"OggS"):
        return "ogg"
    return "mp3" if data.startswith(b"ID3") or _MPEG_LAYER_3.match(data) else None


def check_file(data: bytes, terms: FileTerms) -> str:
    """Return the type of ``data``. Raises InvalidInput for what the task does not take; whether it can be decoded is not known
    yet."""
    found = type_of(data)
    if found is None or found not in terms.types:
        raise InvalidInput("", f"a file of type {' or '.join(terms.types)}, as its first bytes say")
    if found != "pdf" and _has_markup(data, found):
        what = "recording" if found in AUDIO_TYPES else "picture"
        raise InvalidInput("", f"a {what} without markup in it: send it without embedded pages or scripts")
    return found


def _has_markup(data: bytes, found: FileType) -> bool:
    if found not in AUDIO_TYPES:
        return MARKUP.search(data) is not None
    return any(MARKUP.search(part) for part in (data[:HEAD_BYTES], data[-END_BYTES:]))


def content_type_of(kind: str) -> str:
    """Return the media type.

    >>> content_type_of("png"), content_type_of("mp3")
    ('image/png', 'audio/mpeg')
    """
    return MEDIA_TYPES.get(kind, f"image/{kind}")
