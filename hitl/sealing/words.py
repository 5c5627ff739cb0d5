"""Seal what people write about a case under the case's own key: a comment, a reason, a draft. An erasure then takes it too.

A text becomes ``sealed:<base64>``, a JSON object ``{"sealed": <base64>}``. Empty texts stay: they say nothing.
"""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import JsonObject, canonical
from hitl.sealing.fields import SEALED
from hitl.sealing.keyring import NONCE_BYTES, RandomBytes
from hitl.text_limits import SEALED_TEXT

OF_TEXT, OF_OBJECT = b"words", b"draft"
"""Associated data: a text moves between the fields of a review, and is never taken for its input."""


def seal_text(text: str, data_key: bytes, random_bytes: RandomBytes) -> str:
    """``text`` under ``data_key``."""
    return SEALED_TEXT + _encrypted(text.encode(), data_key, OF_TEXT, random_bytes) if text else text


def seal_object(value: JsonObject, data_key: bytes, random_bytes: RandomBytes) -> JsonObject:
    """``value`` under ``data_key``."""
    return {SEALED: _encrypted(canonical(value), data_key, OF_OBJECT, random_bytes)}


def is_sealed_text(value: object) -> bool:
    """Tell whether ``value`` looks like a sealed text."""
    return isinstance(value, str) and value.startswith(SEALED_TEXT)


def _encrypted(clear: bytes, data_key: bytes, kind: bytes, random_bytes: RandomBytes) -> str:
    nonce = random_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(data_key).encrypt(nonce, clear, kind)).decode()
