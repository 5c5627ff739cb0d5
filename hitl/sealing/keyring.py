"""The master keys: the first wraps new data keys, all of them unwrap, so that a rotation needs no pause.

A wrapped key is ``id ‖ nonce ‖ AES-256-GCM(master, data key)``, the id being the first bytes of the master's SHA-256 and the
subject (a case's id) the associated data: a wrapped key that is moved to another case does not open.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hitl.errors import InvalidConfig, SealBroken

KEY_BYTES, NONCE_BYTES, ID_BYTES = 32, 12, 4

RandomBytes = Callable[[int], bytes]


class Keys(Protocol):
    """The operations of the master keys that sealing and opening need."""

    def wrap(self, data_key: bytes, subject: str, random_bytes: RandomBytes) -> bytes:
        """``data_key`` under the current master."""

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        """Return the data key. Raises SealBroken."""


class Keyring:
    """``masters`` are 32 bytes each; the first one is current."""

    def __init__(self, masters: Sequence[bytes]) -> None:
        self._masters = {_id_of(master): AESGCM(master) for master in masters}
        self._current = _id_of(masters[0])

    def wrap(self, data_key: bytes, subject: str, random_bytes: RandomBytes) -> bytes:
        nonce = random_bytes(NONCE_BYTES)
        return self._current + nonce + self._masters[self._current].encrypt(nonce, data_key, subject.encode())

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        master, rest = self._masters.get(wrapped[:ID_BYTES]), wrapped[ID_BYTES:]
        if master is None:
            raise SealBroken(subject, "no master key here has wrapped it")
        return open_bytes(master, rest, subject)

    def is_current(self, wrapped: bytes) -> bool:
        """Tell whether the current master has wrapped it."""
        return wrapped[:ID_BYTES] == self._current


def open_bytes(cipher: AESGCM, sealed: bytes, subject: str) -> bytes:
    """Return the clear text of ``nonce ‖ cipher text``. Raises SealBroken when a byte, the key or the subject is another one."""
    if len(sealed) <= NONCE_BYTES:
        raise SealBroken(subject, "it is too short")
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], subject.encode())
    except InvalidTag as error:
        raise SealBroken(subject, "it was changed, or is another one's") from error


def parse_masters(text: str, source: str) -> list[bytes]:
    """Parse the masters of ``"<hex>[,<hex>…]"``, the current one first. Raises InvalidConfig.

    >>> [len(master) for master in parse_masters("00" * 32 + "," + "11" * 32, "here")]
    [32, 32]
    """
    try:
        masters = [bytes.fromhex(part.strip()) for part in text.strip().split(",")]
    except ValueError as error:
        raise InvalidConfig(source, "master_key", "hexadecimal characters") from error
    if any(len(master) != KEY_BYTES for master in masters):
        raise InvalidConfig(source, "master_key", f"{2 * KEY_BYTES} hexadecimal characters for each key")
    return masters


def _id_of(master: bytes) -> bytes:
    return hashlib.sha256(master).digest()[:ID_BYTES]
