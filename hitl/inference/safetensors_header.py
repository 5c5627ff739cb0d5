"""Our header in a safetensors file: a JSON object beside the tensors, read without torch."""

import json

from hitl.canonical import JsonObject

HEADER_KEY = "hitl"
ENCODER_KEY = "encoder"
"""Present in the header of a model that reads texts through an encoder; the value is the encoder's digests."""
PICTURE_ENCODER = "picture_encoder"
"""The family in the header of an encoder of pictures: no model of a task by itself."""


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
    """Tell whether ``data`` claims to be an encoder of pictures. False for bytes whose header cannot be read."""
    try:
        return is_safetensors(data) and family_in(data) == PICTURE_ENCODER
    except (ValueError, UnicodeDecodeError, AttributeError):
        return False


def header_of(data: bytes) -> JsonObject:
    """Return the JSON object that ``to_bytes`` put beside the tensors: 8 bytes of length, then safetensors' own header."""
    length = int.from_bytes(data[:8], "little")
    text = json.loads(data[8 : 8 + length]).get("__metadata__", {}).get(HEADER_KEY, "{}")
    header = json.loads(text)
    if not isinstance(header, dict):
        raise ValueError("expected an object as the header")
    return header
