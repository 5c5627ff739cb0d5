"""Seal the sensitive values of a request: masked in place, bound by a salted digest, encrypted beside it.

The salt is ``HMAC-SHA256(data key, "salt:" ‖ place)``: without the data key nobody tries values against a digest, and with it the
same value gets the same digest again, so that a repetition is recognised.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from hitl.canonical import Json, JsonObject, canonical, digest_of
from hitl.cipher_texts import CipherTexts
from hitl.sealing.fields import MASK, SEALED, seal_fields
from hitl.sealing.keyring import RandomBytes

Parts: TypeAlias = Mapping[str, Mapping[str, Json]]
"""``{"context": {...}, "metadata": {...}}``. The place of a value is ``/<part>/<key>``."""


@dataclass(frozen=True, slots=True)
class SealedParts:
    """``masked`` are the parts with MASK in place of what is sensitive; ``sealed`` is place -> digest of salt and value;
    ``cipher`` holds the encrypted values."""

    masked: dict[str, JsonObject]
    sealed: dict[str, str]
    cipher: CipherTexts


@dataclass(frozen=True, slots=True)
class ClearParts:
    """``salts`` is place -> the salt under which the value has its digest."""

    parts: dict[str, JsonObject]
    salts: dict[str, str]


def seal_parts(parts: Parts, names: Collection[str], subject: str, data_key: bytes, random_bytes: RandomBytes) -> SealedParts:
    """``parts`` without the values of ``names``."""
    values = {f"/{part}/{key}": value for part, fields in parts.items() for key, value in fields.items() if key in names}
    texts = {place: text[SEALED] for place, text in seal_fields(values, values.keys(), data_key, random_bytes).items()}
    digests = {place: bound(salt_of(data_key, place), value) for place, value in values.items()}
    return SealedParts(with_values(parts, dict.fromkeys(values, MASK)), digests, {"key": subject, "texts": texts})


def bound(salt: str, value: Json) -> str:
    """SHA-256 of the salt's text and the canonical JSON of ``value``."""
    return digest_of(salt.encode() + canonical(value))


def salt_of(data_key: bytes, place: str) -> str:
    return hmac.new(data_key, b"salt:" + place.encode(), hashlib.sha256).hexdigest()


def with_values(parts: Parts, values: Mapping[str, Json]) -> dict[str, JsonObject]:
    """``parts`` with ``values`` in their places."""
    return {part: {key: values.get(f"/{part}/{key}", value) for key, value in fields.items()} for part, fields in parts.items()}
