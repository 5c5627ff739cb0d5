"""Names of things: opaque, URL-safe, and the same for a repeated request.

A case's id is derived from who asked, for which task, under which idempotency key, so that a repetition lands on the
same partition and on the same record without a second index.
"""

import hashlib
import hmac
from typing import NewType

TaskName = NewType("TaskName", str)
CaseId = NewType("CaseId", str)
Digest = NewType("Digest", str)

CASE_ID_LENGTH = 26
"""Characters: 128 bits in lower-case base32 without padding."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(120, -1, -10)


def case_id(secret: bytes, principal: str, task: str, idempotency_key: str) -> CaseId:
    """Return the id of the case that ``principal`` opens in ``task`` under ``idempotency_key``.

    Not guessable without ``secret`` (HMAC-SHA256, first 128 bits).
    """
    text = "\x00".join((principal, task, idempotency_key)).encode()
    bits = int.from_bytes(hmac.digest(secret, text, "sha256")[:16], "big") << 2  # 130 bits are 13 pairs of letters
    return CaseId("".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS]))


def partition_of(case: str, partitions: int) -> int:
    """Return the partition in ``range(partitions)`` that holds ``case``: stable for ever."""
    return int.from_bytes(hashlib.sha256(case.encode()).digest()[:4], "big") % partitions
