"""Encryption at rest with a key for each subject: dropping the key erases the data."""

from hitl.sealing.fields import MASK, seal_fields
from hitl.sealing.key_store import DataKeys, MemoryDataKeys
from hitl.sealing.keyring import Keyring, Keys, parse_masters
from hitl.sealing.parts import ClearParts, SealedParts, seal_parts
from hitl.sealing.payload import Sealed, seal_payload
from hitl.sealing.words import is_sealed_text, seal_object, seal_text

__all__ = [
    "MASK",
    "ClearParts",
    "DataKeys",
    "Keyring",
    "Keys",
    "MemoryDataKeys",
    "Sealed",
    "SealedParts",
    "is_sealed_text",
    "parse_masters",
    "seal_fields",
    "seal_object",
    "seal_parts",
    "seal_payload",
    "seal_text",
]
