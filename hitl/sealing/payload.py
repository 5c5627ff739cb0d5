"""The input of a case at rest: encrypted as a whole if its task marks anything as sensitive.

All of it, not the marked fields alone: a person that is forgotten must not be found again by what stood beside them.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import canonical
from hitl.errors import SealBroken
from hitl.sealing.fields import MASK
from hitl.sealing.keyring import KEY_BYTES, NONCE_BYTES, Keys, RandomBytes, open_bytes
from hitl.tasks.spec import TaskSpec

MARK = b'{"sealed":'
"""No clear payload begins so: it has features."""

ERASED: dict[str, Any] = {"erased": True, "features": None, "metadata": {}}


@dataclass(frozen=True, slots=True)
class Sealed:
    """``payload`` is what is stored in place of the clear one, ``wrapped_key`` what opens it, kept apart."""

    payload: bytes
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class OpenedPayload:
    """``clear`` is the payload as it came, None once the case is erased; ``shown`` is what answers show of it."""

    clear: bytes | None
    shown: bytes


def seal_payload(keys: Keys, case_id: str, payload: bytes, random_bytes: RandomBytes) -> Sealed:
    """``payload`` for storage, under a new data key."""
    data_key, nonce = random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES)
    text = nonce + AESGCM(data_key).encrypt(nonce, payload, case_id.encode())
    stored = canonical({"sealed": base64.b64encode(text).decode()})
    return Sealed(stored, keys.wrap(data_key, case_id, random_bytes))


def open_payload(keys: Keys, spec: TaskSpec, case_id: str, stored: bytes, wrapped_key: bytes | None) -> OpenedPayload:
    """The stored payload, opened if it is sealed. Raises SealBroken."""
    is_sealed = stored.startswith(MARK)
    if wrapped_key is None:
        return OpenedPayload(None, canonical(ERASED)) if is_sealed else OpenedPayload(stored, masked(spec, stored))
    if not is_sealed:
        raise SealBroken(case_id, "it has a key and is not sealed")
    clear = open_bytes(AESGCM(keys.unwrap(wrapped_key, case_id)), _text_of(case_id, stored), case_id)
    return OpenedPayload(clear, masked(spec, clear))


def _text_of(case_id: str, stored: bytes) -> bytes:
    try:
        return base64.b64decode(json.loads(stored)["sealed"], validate=True)
    except ValueError as error:
        raise SealBroken(case_id, "it is no base64") from error


def masked(spec: TaskSpec, payload: bytes) -> bytes:
    """``payload`` with MASK in place of every sensitive value."""
    if not spec.masks:
        return payload
    body = json.loads(payload)
    return canonical(
        {**body, "features": spec.input.masked(body["features"], MASK), "metadata": _metadata(spec, body["metadata"])}
    )


def _metadata(spec: TaskSpec, metadata: dict[str, Any]) -> dict[str, Any]:
    return {name: MASK if name in spec.sensitive_metadata else value for name, value in metadata.items()}
