"""Texts by the halves of a hash, as two numbers: what packed tables and files find them by."""

import hashlib
from struct import Struct

HALVES = Struct("<QQ")


def hash_to_halves(text: str) -> tuple[int, int]:
    """Return the first and the second eight bytes of BLAKE2b-128, each as a little-endian number. They stand in files, so they
    must never change.

    >>> hash_to_halves("case-1")
    (8789754321443666060, 18226926420396196267)
    """
    high, low = HALVES.unpack(hashlib.blake2b(text.encode(), digest_size=16).digest())
    return high, low
