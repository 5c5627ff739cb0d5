"""The types of files that cases may have, by their first bytes; nothing here decodes one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from hitl.errors import InvalidInput

PictureType = Literal["jpeg", "png", "webp"]
FileType = Literal["pdf", "jpeg", "png", "webp"]
FILE_TYPES: tuple[FileType, ...] = get_args(FileType)

MARKUP = re.compile(rb"<(?:script|html|svg|!doctype html|iframe|body)[\s>/]", re.IGNORECASE)
"""No picture needs it; a file that is a picture and a page at once was made to be taken for the other."""


@dataclass(frozen=True, slots=True)
class FileTerms:
    """What a task takes; ``max_pages`` are a document's."""

    types: Sequence[str]
    max_bytes: int
    max_pixels: int
    max_pages: int = 1


def type_of(data: bytes) -> FileType | None:
    """Return the type that the first bytes say; None for another one.

    >>> type_of(b"<svg xmlns=")
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "pdf" if data.startswith(b"%PDF-") else None


def check_file(data: bytes, terms: FileTerms) -> str:
    """Return the type of ``data``. Raises InvalidInput for what the task does not take; whether it can be decoded is not known
    yet."""
    found = type_of(data)
    if found is None or found not in terms.types:
        raise InvalidInput("", f"a file of type {' or '.join(terms.types)}, as its first bytes say")
    if found != "pdf" and MARKUP.search(data):
        raise InvalidInput("", "a picture without markup in it: send it without embedded pages or scripts")
    return found


def content_type_of(kind: str) -> str:
    """Return the media type.

    >>> content_type_of("png")
    'image/png'
    """
    return "application/pdf" if kind == "pdf" else f"image/{kind}"
