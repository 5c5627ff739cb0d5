"""The types of pictures, by their first bytes; nothing here decodes one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from hitl.errors import InvalidInput

PictureType = Literal["jpeg", "png", "webp"]
PICTURE_TYPES: tuple[PictureType, ...] = get_args(PictureType)

MARKUP = re.compile(rb"<(?:script|html|svg|!doctype html|iframe|body)[\s>/]", re.IGNORECASE)
"""No picture needs it; a file that is a picture and a page at once was made to be taken for the other."""


@dataclass(frozen=True, slots=True)
class PictureTerms:
    """What a task takes."""

    types: Sequence[str]
    max_bytes: int
    max_pixels: int


def type_of(data: bytes) -> PictureType | None:
    """Return the type that the first bytes say; None for another one.

    >>> type_of(b"<svg xmlns=")
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def check_picture(data: bytes, terms: PictureTerms) -> str:
    """Return the type of ``data``. Raises InvalidInput for what the task does not take; whether it can be decoded is not known
    yet."""
    found = type_of(data)
    if found is None or found not in terms.types:
        raise InvalidInput("", f"a picture of type {' or '.join(terms.types)}, as its first bytes say")
    if MARKUP.search(data):
        raise InvalidInput("", "a picture without markup in it: send it without embedded pages or scripts")
    return found


def content_type_of(kind: str) -> str:
    """Return the media type.

    >>> content_type_of("png")
    'image/png'
    """
    return f"image/{kind}"
