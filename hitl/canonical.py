"""Canonical JSON: one byte form for each value, so that digests are comparable.

Keys sorted, no spaces, UTF-8 without escapes, no NaN or infinity; floats as Python's shortest ``repr``.
Another program reproduces it with ``json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False)``.
"""

import hashlib
import json
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec


def is_typed(value: Any) -> bool:
    """Tell whether ``value`` is a struct or a dataclass."""
    return isinstance(value, msgspec.Struct) or (is_dataclass(value) and not isinstance(value, type))


def to_plain(value: Any) -> Any:
    """Return a struct or a dataclass as plain JSON: what encoders call for what they do not know. Raises TypeError for the
    rest."""
    if is_typed(value):
        return msgspec.to_builtins(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=to_plain)

if TYPE_CHECKING:
    Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
else:
    # What reads annotations while the program runs (msgspec, pydantic, snapshots) cannot follow an alias of itself.
    Json = Any

JsonObject: TypeAlias = dict[str, Json]
"""Free JSON, which nothing here looks into: the features of a case, the metadata of a request, the evidence of a candidate."""


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value.

    Raises ValueError for NaN and infinities, TypeError for what is not JSON.

    >>> canonical({"b": 1, "a": [0.5, None]})
    b'{"a":[0.5,null],"b":1}'
    """
    return _ENCODER.encode(value).encode()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(value: Any) -> str:
    """Return the digest of a JSON value's canonical form."""
    return digest_of(canonical(value))
