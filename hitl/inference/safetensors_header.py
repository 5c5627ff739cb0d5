"""Our header in a safetensors file: a JSON object beside the tensors, read without torch."""

import json

from hitl.canonical import JsonObject
from hitl.inference.rows import PICTURE, TEXT, RowForm

HEADER_KEY = "hitl"
ENCODER_KEY = "encoder"
"""Present in the header of a model that reads texts through an encoder; the value is the encoder's digests."""
PICTURE_ENCODER, TEXT_ENCODER = "picture_encoder", "text_encoder"
"""The families in the headers of encoders: no models of a task by themselves."""
_FORMS: dict[str, RowForm] = {PICTURE_ENCODER: PICTURE, TEXT_ENCODER: TEXT}


def is_safetensors(data: bytes) -> bool:
    """Tell whether ``data`` begins as safetensors: 8 bytes of length, then a JSON object."""
    return data[8:9] == b"{"


def names_encoder(data: bytes) -> bool:
    """Tell whether the header names a sentence encoder. Raises ValueError for a broken header."""
    return ENCODER_KEY in header_of(data)


def family_in(data: bytes) -> str:
    """Return the family that the header names; empty where it names none. Raises ValueError for a broken header."""
    return str(header_of(data).get("family", ""))


def is_encoder(data: bytes) -> bool:
    """Tell whether ``data`` claims to be an encoder of pictures or texts. False for bytes whose header cannot be read."""
    return form_of_encoder(data) is not None


def form_of_encoder(data: bytes) -> RowForm | None:
    """Return the form of rows that ``data`` claims to encode; None for bytes that claim to be no encoder."""
    try:
        return _FORMS.get(family_in(data)) if is_safetensors(data) else None
    except (ValueError, UnicodeDecodeError, AttributeError):
        return None


def header_of(data: bytes) -> JsonObject:
    """Return the JSON object that ``to_bytes`` put beside the tensors: 8 bytes of length, then safetensors' own header."""
    length = int.from_bytes(data[:8], "little")
    text = json.loads(data[8 : 8 + length]).get("__metadata__", {}).get(HEADER_KEY, "{}")
    header = json.loads(text)
    if not isinstance(header, dict):
        raise ValueError("expected an object as the header")
    return header
