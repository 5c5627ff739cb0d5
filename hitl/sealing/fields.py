"""Seal named values inside a JSON object: each becomes ``{"sealed": text}``, readable with the object's key."""

import base64
import json
from collections.abc import Collection
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import canonical
from hitl.errors import SealBroken
from hitl.sealing.keyring import NONCE_BYTES, RandomBytes, open_bytes

MASK = "***"
"""What stands in an answer for a value that is not shown."""

SEALED = "sealed"


def seal_fields(fields: dict[str, Any], names: Collection[str], data_key: bytes, random_bytes: RandomBytes) -> dict[str, Any]:
    """``fields`` with the values of ``names`` sealed under ``data_key``; each is bound to its own name."""
    cipher = AESGCM(data_key)
    return {name: _seal(cipher, name, value, random_bytes) if name in names else value for name, value in fields.items()}


def open_fields(fields: dict[str, Any], data_key: bytes) -> dict[str, Any]:
    """``fields`` as they were. Raises SealBroken."""
    cipher = AESGCM(data_key)
    return {name: _open(cipher, name, value) if is_sealed(value) else value for name, value in fields.items()}


def is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {SEALED} and isinstance(value[SEALED], str)


def _seal(cipher: AESGCM, name: str, value: Any, random_bytes: RandomBytes) -> dict[str, str]:
    nonce = random_bytes(NONCE_BYTES)
    return {SEALED: base64.b64encode(nonce + cipher.encrypt(nonce, canonical(value), name.encode())).decode()}


def _open(cipher: AESGCM, name: str, value: dict[str, str]) -> Any:
    try:
        text = base64.b64decode(value[SEALED], validate=True)
    except ValueError as error:
        raise SealBroken(name, "it is no base64") from error
    return json.loads(open_bytes(cipher, text, name))
