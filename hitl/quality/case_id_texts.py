"""Ids of many cases at once: as the bytes that they are made of (hitl.ids), and as text."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from hitl.ids import CASE_ID_LENGTH
from hitl.quality.arrays import Bools

CaseIds = NDArray[np.bytes_]
"""Ids (n,) in UTF-8, filled up with zero bytes: they sort as the texts do."""

_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = np.frombuffer(b"".join(bytes((one, other)) for one in _LETTERS for other in _LETTERS), dtype="<u2")
_SPARE = np.uint64(2)
"""Bits of the 130 in 26 letters that the 128 of an id leave: the last one tells whether the id says its partition."""


def unpacked_case_ids(data: NDArray[np.void], is_placed: Bools) -> CaseIds:
    """Return the ids that are made of 16 bytes each, ``data`` (n,); those that say their partition are ``is_placed`` (n,)."""
    high, low = np.ascontiguousarray(data).view(">u8").reshape(-1, 2).astype(np.uint64).T
    pairs = np.empty((len(data), CASE_ID_LENGTH // 2), dtype=np.uint64)
    for place in range(6):
        pairs[:, place] = high >> np.uint64(54 - 10 * place)
    pairs[:, 6] = high << np.uint64(6) | low >> np.uint64(58)
    for place in range(7, 12):
        pairs[:, place] = low >> np.uint64(118 - 10 * place)
    pairs[:, 12] = low << _SPARE | is_placed
    letters: CaseIds = _PAIRS[pairs & np.uint64(1023)].view(f"S{CASE_ID_LENGTH}").reshape(-1)
    return letters


def case_ids_of(cases: Collection[str]) -> CaseIds:
    """Return the ids in their order."""
    return np.array([case.encode() for case in cases], dtype=np.bytes_)
