"""Bytes of a blob at rest: AES-256-GCM under a key of its own, which only its handle has."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.blobs.names import BlobName
from hitl.canonical import digest_of
from hitl.errors import SealBroken
from hitl.sealing.keyring import NONCE_BYTES, RandomBytes, open_bytes


def seal_blob(data: bytes, name: BlobName, data_key: bytes, random_bytes: RandomBytes) -> bytes:
    """``data`` as it is stored; it opens under ``name`` alone."""
    nonce = random_bytes(NONCE_BYTES)
    return nonce + AESGCM(data_key).encrypt(nonce, data, name.text.encode())


def open_blob(stored: bytes, name: BlobName, data_key: bytes, sha256: str) -> bytes:
    """Return the bytes as they were brought. Raises SealBroken when a byte, the key, the name or the digest is another one."""
    data = open_bytes(AESGCM(data_key), stored, name.text)
    if digest_of(data) != sha256:
        raise SealBroken(name.text, "its digest is another one")
    return data
