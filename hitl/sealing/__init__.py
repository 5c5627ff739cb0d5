"""What is confidential at rest: sealed with a key of its own, so that dropping the key forgets it."""

from hitl.sealing.fields import MASK, mask_sealed, open_fields, seal_fields
from hitl.sealing.keyring import Keyring, Keys, parse_masters
from hitl.sealing.payload import Opened, Sealed, open_payload, seal_payload

__all__ = [
    "MASK",
    "Keyring",
    "Keys",
    "Opened",
    "Sealed",
    "mask_sealed",
    "open_fields",
    "open_payload",
    "parse_masters",
    "seal_fields",
    "seal_payload",
]
