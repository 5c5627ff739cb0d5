"""One entry of a journal: what was asked, what was answered, what happened, and the link to what came before.

``hash = sha256(previous_hash ‖ "\\n" ‖ seq ‖ "\\n" ‖ body)``, all as ASCII/UTF-8 bytes, hashes as 64 hexadecimal characters;
the first entry has seq 1 and follows GENESIS. docs/journal.md is the format for other programs.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from hitl.canonical import canonical
from hitl.canonical_fast import canonical_checked
from hitl.errors import ChainBroken

GENESIS = "0" * 64
ANSWER_FIRST = '{"answer":'
_SCAN = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored entry. ``body`` is the canonical JSON of a Commit."""

    seq: int
    body: bytes
    hash: str


@dataclass(frozen=True, slots=True)
class Commit:
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
        return canonical_checked({name: getattr(self, name) for name in Commit.__slots__})

    @staticmethod
    def decode(body: bytes) -> "Commit":
        return Commit.decode_with_answer(body)[0]

    @staticmethod
    def decode_with_answer(body: bytes) -> "tuple[Commit, bytes]":
        """The commit in ``body``, and its answer as it is written there. The answer is canonical JSON's first field."""
        text = body.decode()
        if not text.startswith(ANSWER_FIRST):
            commit = Commit(**json.loads(text))
            return commit, canonical(commit.answer)
        answer, end = _SCAN(text, len(ANSWER_FIRST))
        rest = json.loads("{" + text[end + 1 :])
        return Commit(answer=answer, **rest), text[len(ANSWER_FIRST) : end].encode()


def chain_hash(previous: str, seq: int, body: bytes) -> str:
    """The hash of entry ``seq`` with ``body`` after an entry whose hash is ``previous``."""
    return hashlib.sha256(b"%s\n%d\n%s" % (previous.encode(), seq, body)).hexdigest()


def follow(previous: str, seq: int, body: bytes) -> Entry:
    """The entry ``seq`` with ``body``, linked to ``previous``."""
    return Entry(seq, body, chain_hash(previous, seq, body))


def check_link(shard: str, previous: str, expected_seq: int, entry: Entry) -> None:
    """Raises ChainBroken unless ``entry`` is number ``expected_seq`` and follows ``previous``."""
    if entry.seq != expected_seq or entry.hash != chain_hash(previous, entry.seq, entry.body):
        raise ChainBroken(shard, expected_seq)
