"""Open what is sealed. An import contract names who may: what masks, the guard of clear values, and what shows people's words."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import JsonObject, canonical
from hitl.errors import SealBroken
from hitl.sealing.fields import SEALED, is_sealed
from hitl.sealing.keyring import Keys, open_bytes
from hitl.sealing.parts import ClearParts, Parts, bound, salt_of, with_values
from hitl.sealing.payload import ERASED, MARK, masked
from hitl.sealing.words import OF_OBJECT, OF_TEXT
from hitl.tasks.spec import TaskSpec
from hitl.text_limits import SEALED_TEXT


@dataclass(frozen=True, slots=True)
class OpenedPayload:
    """``clear`` is the payload as it came, None once the case is erased; ``shown`` is what answers show of it."""

    clear: bytes | None
    shown: bytes


def open_payload(keys: Keys, spec: TaskSpec, case_id: str, stored: bytes, wrapped_key: bytes | None) -> OpenedPayload:
    """Return the stored payload, opened if it is sealed. Raises SealBroken."""
    clear = open_clear(keys, case_id, stored, wrapped_key)
    return OpenedPayload(clear, canonical(ERASED) if clear is None else masked(spec, clear))


def open_clear(keys: Keys, case_id: str, stored: bytes, wrapped_key: bytes | None) -> bytes | None:
    """Return the stored payload in clear, whatever became of its task; None once it was erased. Raises SealBroken."""
    has_mark = stored.startswith(MARK)
    if wrapped_key is None:
        return None if has_mark else stored
    if not has_mark:
        raise SealBroken(case_id, "it has a key and is not sealed")
    return open_bytes(AESGCM(keys.unwrap(wrapped_key, case_id)), _text_of(case_id, stored), case_id)


def open_parts(parts: Parts, sealed: Mapping[str, str], texts: Mapping[str, str], data_key: bytes) -> ClearParts:
    """Return the masked ``parts`` as they were. Raises SealBroken, also where a value is not the one that ``sealed`` binds."""
    values = open_fields({place: {SEALED: text} for place, text in texts.items()}, data_key)
    salts = {place: salt_of(data_key, place) for place in sealed}
    for place, salt in salts.items():
        if place not in values or bound(salt, values[place]) != sealed[place]:
            raise SealBroken(place, "it is not what was asked")
    return ClearParts(with_values(parts, values), salts)


def open_fields(fields: JsonObject, data_key: bytes) -> JsonObject:
    """``fields`` as they were. Raises SealBroken."""
    cipher = AESGCM(data_key)
    return {name: _open(cipher, name, value) if is_sealed(value) else value for name, value in fields.items()}


def open_text(text: str, data_key: bytes) -> str:
    """Return the words that ``text`` seals. Raises SealBroken."""
    sealed = _bytes_of(SEALED_TEXT, text.removeprefix(SEALED_TEXT))
    return open_bytes(AESGCM(data_key), sealed, OF_TEXT.decode()).decode()


def open_object(value: dict[str, str], data_key: bytes) -> JsonObject:
    """Return the object that ``value`` seals. Raises SealBroken."""
    found: JsonObject = json.loads(open_bytes(AESGCM(data_key), _bytes_of(SEALED, value[SEALED]), OF_OBJECT.decode()))
    return found


def _open(cipher: AESGCM, name: str, value: dict[str, str]) -> Any:
    return json.loads(open_bytes(cipher, _bytes_of(name, value[SEALED]), name))


def _text_of(case_id: str, stored: bytes) -> bytes:
    try:
        return _bytes_of(case_id, json.loads(stored)[SEALED])
    except (ValueError, TypeError, KeyError) as error:
        raise SealBroken(case_id, "it is no base64") from error


def _bytes_of(subject: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SealBroken(subject, "it is no base64") from error
