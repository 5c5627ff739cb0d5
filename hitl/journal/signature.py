"""Signatures of a journal's writer: an entry that somebody else put there has none.

A signature stands with the last entry of each batch, as ``<first>:<128 hexadecimal characters>``, and is
``Ed25519(key, "hitl-journal\\n" ‖ shard ‖ "\\n" ‖ first ‖ "\\n" ‖ last ‖ "\\n" ‖ hash)``: the seqs of the batch's first and last
entry, and the last one's hash, which rests on all entries before it. From the first signed entry on each batch begins where the
one before it ended, so a later signature does not take in an entry that was put between.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hitl.errors import EntryForged
from hitl.journal.entry import Entry

KEY_BYTES = 32

KeysAt = Callable[[int], Sequence[str]]
"""The public keys, in hexadecimal, that may sign a batch which begins at this seq."""


class SignedFrom(NamedTuple):
    """From entry ``seq`` on the journal is signed with the key whose public half is ``key``, in hexadecimal."""

    seq: int
    key: str


class Signer:
    """The private key of a writer. Raises ValueError for anything but 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw().hex()

    def sign(self, shard: str, entries: Sequence[Entry]) -> list[Entry]:
        """Return ``entries``, which are one batch, with its signature."""
        if not entries:
            return []
        first, last = entries[0].seq, entries[-1]
        signature = self._key.sign(_text(shard, first, last)).hex()
        return [*entries[:-1], last._replace(signature=f"{first}:{signature}")]


class SignatureCheck:
    """Checks the signatures of a journal, entry by entry; its hash chain is somebody else's.

    Every entry from ``start`` on must be in a signed batch; ``start`` None: from the first one that is."""

    def __init__(self, shard: str, keys_at: KeysAt, start: int | None) -> None:
        self._shard, self._keys_at = shard, keys_at
        self.start, self._next, self._last = start, start, 0

    def take(self, entry: Entry) -> None:
        """Raises EntryForged."""
        self._last = entry.seq
        if not entry.signature:
            return
        first = check_entry(self._shard, entry, self._keys_at)
        if self._next not in (None, first):
            raise EntryForged(self._shard, min(first, self._next or first), "no signature takes it in, or two do")
        self.start = self.start or first
        self._next = entry.seq + 1

    def finish(self) -> int | None:
        """Return the first signed entry; None where no entry needs a signature. Raises EntryForged where the end has none."""
        if self._next is not None and self._last >= self._next:
            raise EntryForged(self._shard, self._next, "no signature follows")
        return self.start if self.start is not None and self._last >= self.start else None


def check_entry(shard: str, entry: Entry, keys_at: KeysAt) -> int:
    """Return the seq at which the batch begins that ``entry`` ends. Raises EntryForged unless its signature is right."""
    first, _, signature = entry.signature.partition(":")
    if not first.isdecimal() or not 0 < int(first) <= entry.seq:
        raise EntryForged(shard, entry.seq, "a signature is expected")
    if not any(_is_signed(key, signature, _text(shard, int(first), entry)) for key in keys_at(int(first))):
        raise EntryForged(shard, entry.seq, "the signature is another's, or of another entry")
    return int(first)


def keys_recorded(signers: Sequence[SignedFrom]) -> KeysAt:
    """Return the key of each part of a journal, as it was noted outside the store."""
    return lambda seq: [signer.key for signer in signers if signer.seq <= seq][-1:]


def _is_signed(key: str, signature: str, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _text(shard: str, first: int, last: Entry) -> bytes:
    return f"hitl-journal\n{shard}\n{first}\n{last.seq}\n{last.hash}".encode()
