"""Repeatable draws: a text is hashed to a number that is uniform in [0, 1), the same one for ever.

What is drawn is journalled, so these values must never change. A draw that people could gain from guessing needs a key.
"""

import hashlib
import hmac

TAKEN_BYTES = 8
SURPLUS_BITS = 11
"""A float in [0, 1) tells 2**53 steps apart: a keyed draw leaves out the other bits of its 64."""


def hash_to_uniform(text: str) -> float:
    """Return the first 64 bits of SHA-256. Rounding gives 1.0 once in 2**54 draws.

    >>> hash_to_uniform("shadow\\ncase-1")
    0.1654129018028866
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:TAKEN_BYTES], "big") / 2**64


def keyed_hash_to_uniform(key: bytes, text: str) -> float:
    """Return the first 53 bits of HMAC-SHA256: not to be guessed without ``key``, and always under 1.0."""
    return (int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:TAKEN_BYTES], "big") >> SURPLUS_BITS) / 2**53
