"""One entry of a journal: command, answer, events, and the hash that links it to the entry before.

``hash = sha256(previous_hash ‖ "\\n" ‖ seq ‖ "\\n" ‖ body)``, all as ASCII/UTF-8 bytes, hashes as 64 hexadecimal characters;
the first entry has seq 1 and follows GENESIS. docs/journal.md is the format for other programs.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from hitl.canonical_fast import canonical_checked, read_canonical
from hitl.errors import ChainBroken

GENESIS = "0" * 64

UNLESS_EMPTY = ("traceparent", "tracestate")
"""Fields of a commit that are stored only where they say something."""

E = TypeVar("E")


class Entry(NamedTuple):
    """A stored entry. ``body`` is the canonical JSON of a Commit. ``signature`` is the writer's, over the batch that ends with
    this entry (hitl.journal.signature); empty where none ends here."""

    seq: int
    body: bytes
    hash: str
    signature: str = ""


class Commit(NamedTuple):
    """The content of an entry: one command's whole effect, so that effect and answer are stored together.

    ``at`` is UTC seconds; ``command_id`` with ``fingerprint`` recognises a repetition; ``answer`` is what the
    caller was told; ``events`` have a ``type``. Both are plain JSON as ``decode`` reads them, and may be views and typed
    events where a machine makes them. ``traceparent`` and ``tracestate`` are the command's trace (hitl.trace_context); empty, and
    then not stored, where tracing is off.
    """

    at: float
    epoch: int
    by: str
    request_id: str
    command: str
    command_id: str
    fingerprint: str
    answer: Any
    events: Sequence[Any]
    traceparent: str = ""
    tracestate: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the fields that are stored."""
        fields = self._asdict()
        for name in UNLESS_EMPTY:
            if not fields[name]:
                del fields[name]
        return fields

    def encode(self) -> bytes:
        """Return the body of its entry. Raises ValueError, TypeError for what is not JSON."""
        return canonical_checked(self.plain())

    @staticmethod
    def decode(body: bytes) -> "Commit":
        return Commit(**read_canonical(body))


class Effect(msgspec.Struct, Generic[E], frozen=True):
    """A Commit whose answer was not read: what a replay needs of it."""

    answer: msgspec.Raw
    at: float
    epoch: int
    by: str
    request_id: str
    command: str
    command_id: str
    fingerprint: str
    events: list[E]
    traceparent: str = ""
    tracestate: str = ""

    @staticmethod
    def decode(body: bytes) -> "Effect[dict[str, Any]]":
        """Raises msgspec.DecodeError for what no Commit was written as."""
        return _EFFECTS.decode(body)

    def commit(self) -> Commit:
        fields = {name: getattr(self, name) for name in Commit._fields}
        return Commit(**{**fields, "answer": read_canonical(bytes(self.answer))})


_EFFECTS = msgspec.json.Decoder(Effect[dict[str, Any]])


def chain_hash(previous: str, seq: int, body: bytes) -> str:
    """Return the hash of entry ``seq`` with ``body`` after an entry whose hash is ``previous``."""
    digest = hashlib.sha256(b"%s\n%d\n" % (previous.encode(), seq))
    digest.update(body)
    return digest.hexdigest()


def follow(previous: str, seq: int, body: bytes) -> Entry:
    """Return the entry ``seq`` with ``body``, linked to ``previous``."""
    return Entry(seq, body, chain_hash(previous, seq, body))


def check_link(shard: str, previous: str, expected_seq: int, entry: Entry) -> None:
    """Raises ChainBroken unless ``entry`` is number ``expected_seq`` and follows ``previous``."""
    if entry.seq != expected_seq or entry.hash != chain_hash(previous, entry.seq, entry.body):
        raise ChainBroken(shard, expected_seq)
