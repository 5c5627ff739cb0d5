"""One entry of a journal: what was asked, what was answered, what happened, and the link to what came before.

``hash = sha256(previous_hash ‖ "\\n" ‖ seq ‖ "\\n" ‖ body)``, all as ASCII/UTF-8 bytes, hashes as 64 hexadecimal characters;
the first entry has seq 1 and follows GENESIS. docs/journal.md is the format for other programs.
"""

import hashlib
from typing import Any, NamedTuple

import msgspec

from hitl.canonical_fast import canonical_and_read, read_canonical
from hitl.errors import ChainBroken

GENESIS = "0" * 64


class Entry(NamedTuple):
    """A stored entry. ``body`` is the canonical JSON of a Commit."""

    seq: int
    body: bytes
    hash: str


class Commit(NamedTuple):
    """The content of an entry: one command's whole effect, so that effect and answer are stored together.

    ``at`` is UTC seconds; ``command_id`` with ``fingerprint`` recognises a repetition; ``answer`` is what the
    caller was told; ``events`` are plain objects with a ``type``.
    """

    at: float
    epoch: int
    by: str
    request_id: str
    command: str
    command_id: str
    fingerprint: str
    answer: dict[str, Any]
    events: list[dict[str, Any]]

    def encode(self) -> bytes:
        return self.encode_and_read()[0]

    def encode_and_read(self) -> tuple[bytes, "Commit"]:
        """The body of its entry, and the commit that ``decode`` makes of that.

        Raises ValueError, TypeError for what is not plain JSON.
        """
        body, read = canonical_and_read(self._asdict())
        return body, Commit(**read)

    @staticmethod
    def decode(body: bytes) -> "Commit":
        return Commit(**read_canonical(body))


class Effect(msgspec.Struct, frozen=True):
    """A Commit whose answer was not read: what a replay needs of it."""

    answer: msgspec.Raw
    at: float
    epoch: int
    by: str
    request_id: str
    command: str
    command_id: str
    fingerprint: str
    events: list[dict[str, Any]]

    @staticmethod
    def decode(body: bytes) -> "Effect":
        """Raises msgspec.DecodeError for what no Commit was written as."""
        return _EFFECTS.decode(body)

    def commit(self) -> Commit:
        fields = {name: getattr(self, name) for name in Commit._fields}
        return Commit(**{**fields, "answer": read_canonical(bytes(self.answer))})


_EFFECTS = msgspec.json.Decoder(Effect)


def chain_hash(previous: str, seq: int, body: bytes) -> str:
    """The hash of entry ``seq`` with ``body`` after an entry whose hash is ``previous``."""
    digest = hashlib.sha256(b"%s\n%d\n" % (previous.encode(), seq))
    digest.update(body)
    return digest.hexdigest()


def follow(previous: str, seq: int, body: bytes) -> Entry:
    """The entry ``seq`` with ``body``, linked to ``previous``."""
    return Entry(seq, body, chain_hash(previous, seq, body))


def check_link(shard: str, previous: str, expected_seq: int, entry: Entry) -> None:
    """Raises ChainBroken unless ``entry`` is number ``expected_seq`` and follows ``previous``."""
    if entry.seq != expected_seq or entry.hash != chain_hash(previous, entry.seq, entry.body):
        raise ChainBroken(shard, expected_seq)
