"""Names of things: opaque, URL-safe, and the same for a repeated request.

A case's id is derived from who asked, for which task, under which idempotency key, so that a repetition lands on the
same partition and on the same record without a second index. Where partitions were added later (hitl.partitioning), the id of a
case that goes elsewhere than it would have gone before says its partition itself.
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
_PLACES = 64
_OF_PAIRS = {pair: number >> 2 & _PLACES - 1 for number, pair in enumerate(_PAIRS) if number & 3 == 1}
"""The last two letters of an id that says its partition, and that partition. The 128 bits of any other id leave the last two bits
of its 26 letters empty."""


def case_id(secret: bytes, principal: str, task: str, idempotency_key: str) -> CaseId:
    """Return the id of the case that ``principal`` opens in ``task`` under ``idempotency_key``, in a store whose partitions are
    those that it was made with.

    Not guessable without ``secret`` (HMAC-SHA256, first 128 bits).
    """
    return unpacked_case_id(case_digest(secret, principal, task, idempotency_key))


def case_digest(secret: bytes, principal: str, task: str, idempotency_key: str) -> bytes:
    """Return the 16 bytes that all ids of such a case are made of."""
    text = "\x00".join((principal, task, idempotency_key)).encode()
    return hmac.digest(secret, text, "sha256")[:16]


def placed_case_id(digest: bytes, partition: int) -> CaseId:
    """Return the id that says ``partition``, which is below 64, in place of the last six bits of ``digest``.

    >>> place_in(placed_case_id(bytes(16), 3)), place_in(unpacked_case_id(bytes(16)))
    (3, None)
    """
    bits = int.from_bytes(digest, "big") // _PLACES * _PLACES | partition
    return unpacked_case_id(bits.to_bytes(16, "big") + b"\x01")


def place_in(case: str) -> int | None:
    """Return the partition that the id says; None where it says none."""
    return _OF_PAIRS.get(case[-2:]) if len(case) == CASE_ID_LENGTH else None


def packed_case_id(case: str) -> bytes | None:
    """Return the bytes that ``case`` was made of: 16, and one more where it says its partition. None for what was made otherwise.

    >>> unpacked_case_id(packed_case_id("a" * 24 + "ea"))
    'aaaaaaaaaaaaaaaaaaaaaaaaea'
    """
    bits = int(case.translate(_DIGITS), 32) if _FORM.fullmatch(case) else 3
    return None if bits & 2 else (bits >> 2).to_bytes(16, "big") + b"\x01" * (bits & 1)


def unpacked_case_id(data: bytes) -> CaseId:
    """Return the id that is made of those bytes."""
    bits = int.from_bytes(data[:16], "big") << 2 | len(data) - 16  # 130 bits are 13 pairs of letters
    return CaseId("".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS]))


def partition_of(case: str, partitions: int) -> int:
    """Return the partition in ``range(partitions)`` that holds ``case``, in a store that was made with so many and where none
    were added; hitl.partitioning tells of all stores."""
    return number_of(case) % partitions


def number_of(case: str) -> int:
    """Return the number by which cases are spread: the same for the same id, and any of 2^32."""
    return int.from_bytes(hashlib.sha256(case.encode()).digest()[:4], "big")
