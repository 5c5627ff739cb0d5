"""Encryption at rest with a key for each subject: dropping the key erases the data."""

from hitl.sealing.fields import MASK, seal_fields
from hitl.sealing.key_store import DataKeys, MemoryDataKeys
from hitl.sealing.keyring import Keyring, Keys, parse_masters
from hitl.sealing.parts import ClearParts, SealedParts, seal_parts
from hitl.sealing.payload import Sealed, seal_payload

__all__ = [
    "MASK",
    "ClearParts",
    "DataKeys",
    "Keyring",
    "Keys",
    "MemoryDataKeys",
    "Sealed",
    "SealedParts",
    "parse_masters",
    "seal_fields",
    "seal_parts",
    "seal_payload",
]
