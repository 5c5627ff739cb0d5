"""Seal named values inside a JSON object: each becomes ``{"sealed": text}``, readable with the object's key."""

import base64
from collections.abc import Collection
from typing import Any, TypeGuard

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import canonical
from hitl.sealing.keyring import NONCE_BYTES, RandomBytes

MASK = "***"
"""What stands in an answer for a value that is not shown."""

SEALED = "sealed"


def seal_fields(fields: dict[str, Any], names: Collection[str], data_key: bytes, random_bytes: RandomBytes) -> dict[str, Any]:
    """``fields`` with the values of ``names`` sealed under ``data_key``; each is bound to its own name."""
    cipher = AESGCM(data_key)
    return {name: _seal(cipher, name, value, random_bytes) if name in names else value for name, value in fields.items()}


def is_sealed(value: object) -> TypeGuard[dict[str, str]]:
    """Tell whether ``value`` is what ``seal_fields`` puts in the place of a value."""
    return isinstance(value, dict) and value.keys() == {SEALED} and isinstance(value[SEALED], str)


def _seal(cipher: AESGCM, name: str, value: Any, random_bytes: RandomBytes) -> dict[str, str]:
    nonce = random_bytes(NONCE_BYTES)
    return {SEALED: base64.b64encode(nonce + cipher.encrypt(nonce, canonical(value), name.encode())).decode()}
