"""The input of a case at rest: encrypted as a whole if its task marks anything as sensitive.

All of it, not the marked fields alone: a person that is forgotten must not be found again by what stood beside them.
"""

import base64
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import JsonObject, canonical
from hitl.sealing.fields import MASK
from hitl.sealing.keyring import KEY_BYTES, NONCE_BYTES, Keys, RandomBytes
from hitl.tasks.spec import TaskSpec

MARK = b'{"sealed":'
"""No clear payload begins so: it has features."""

ERASED: JsonObject = {"erased": True, "features": None, "metadata": {}}


@dataclass(frozen=True, slots=True)
class Sealed:
    """``payload`` is what is stored in place of the clear one, ``wrapped_key`` what opens it, kept apart."""

    payload: bytes
    wrapped_key: bytes


def seal_payload(keys: Keys, case_id: str, payload: bytes, random_bytes: RandomBytes) -> Sealed:
    """``payload`` for storage, under a new data key."""
    data_key, nonce = random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES)
    text = nonce + AESGCM(data_key).encrypt(nonce, payload, case_id.encode())
    stored = canonical({"sealed": base64.b64encode(text).decode()})
    return Sealed(stored, keys.wrap(data_key, case_id, random_bytes))


def masked(spec: TaskSpec, payload: bytes) -> bytes:
    """``payload`` with MASK in place of every sensitive value."""
    if not spec.masks:
        return payload
    body = json.loads(payload)
    return canonical(
        {**body, "features": spec.input.masked(body["features"], MASK), "metadata": _metadata(spec, body["metadata"])}
    )


def _metadata(spec: TaskSpec, metadata: JsonObject) -> JsonObject:
    return {name: MASK if name in spec.sensitive_metadata else value for name, value in metadata.items()}
