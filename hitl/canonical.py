"""One byte form for each JSON value, so that digests mean something.

Keys sorted, no spaces, UTF-8 without escapes, no NaN or infinity; floats as Python's shortest ``repr``.
Another program reproduces it with ``json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False)``.
"""

import hashlib
import json
from typing import Any, TypeAlias

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value.

    Raises ValueError for NaN and infinities, TypeError for what is not JSON.

    >>> canonical({"b": 1, "a": [0.5, None]})
    b'{"a":[0.5,null],"b":1}'
    """
    return _ENCODER.encode(value).encode()


def digest_of(data: bytes) -> str:
    """The SHA-256 of ``data`` as 64 hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(value: Any) -> str:
    """The digest of a JSON value's canonical form."""
    return digest_of(canonical(value))
