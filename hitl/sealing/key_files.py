"""The wrapped keys of many cases as one encrypted file: who has the file's own key reads all of them, and nobody else any.

So a case is erased from a file that somebody may have copied: the others go into a file under another key, and this file's key is
forgotten. The keys within stay wrapped with the master key.
"""

import base64
import json
import zlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.canonical import canonical
from hitl.errors import SealBroken
from hitl.sealing.keyring import KEY_BYTES, NONCE_BYTES, RandomBytes


def pack_keys(keys: Mapping[str, bytes], place: str, random_bytes: RandomBytes) -> tuple[bytes, bytes]:
    """Return the file of ``keys`` (case id → wrapped key), which opens at ``place`` alone, and the file's own new key."""
    own, nonce = random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES)
    text = canonical({case_id: base64.b64encode(key).decode() for case_id, key in keys.items()})
    return nonce + AESGCM(own).encrypt(nonce, zlib.compress(text), place.encode()), own


def unpack_keys(data: bytes, own: bytes, place: str) -> dict[str, bytes]:
    """Return the wrapped keys in the file ``data``, by case. Raises SealBroken for another file, or another key."""
    try:
        text = AESGCM(own).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(place, "its key opens another file") from error
    return {case_id: base64.b64decode(key) for case_id, key in json.loads(zlib.decompress(text)).items()}
