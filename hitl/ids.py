"""Names of things: opaque, URL-safe, and the same for a repeated request.

A case's id is derived from who asked, for which task, under which idempotency key, so that a repetition lands on the
same partition and on the same record without a second index.
"""

import hashlib
import hmac
import re
from typing import NewType

TaskName = NewType("TaskName", str)
CaseId = NewType("CaseId", str)
Digest = NewType("Digest", str)

CASE_ID_LENGTH = 26
"""Characters: 128 bits in lower-case base32 without padding."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(120, -1, -10)
_DIGITS = str.maketrans(_LETTERS, "0123456789abcdefghijklmnopqrstuv")
_FORM = re.compile("[a-z2-7]{26}")


def case_id(secret: bytes, principal: str, task: str, idempotency_key: str) -> CaseId:
    """Return the id of the case that ``principal`` opens in ``task`` under ``idempotency_key``.

    Not guessable without ``secret`` (HMAC-SHA256, first 128 bits).
    """
    text = "\x00".join((principal, task, idempotency_key)).encode()
    return unpacked_case_id(hmac.digest(secret, text, "sha256")[:16])


def packed_case_id(case: str) -> bytes | None:
    """Return the 16 bytes that ``case`` was made of, None for what was made otherwise.

    >>> unpacked_case_id(packed_case_id("a" * 24 + "ea"))
    'aaaaaaaaaaaaaaaaaaaaaaaaea'
    """
    bits = int(case.translate(_DIGITS), 32) if _FORM.fullmatch(case) else 1
    return None if bits & 3 else (bits >> 2).to_bytes(16, "big")


def unpacked_case_id(data: bytes) -> CaseId:
    """Return the id that is made of 16 bytes."""
    bits = int.from_bytes(data, "big") << 2  # 130 bits are 13 pairs of letters
    return CaseId("".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS]))


def partition_of(case: str, partitions: int) -> int:
    """Return the partition in ``range(partitions)`` that holds ``case``: stable for ever."""
    return int.from_bytes(hashlib.sha256(case.encode()).digest()[:4], "big") % partitions
