"""A faster encoder of canonical JSON for plain values with finite floats.

The two encoders write the same but for floats under 1e-4: ``1.5e-07`` here is ``1.5e-7`` there, and ``1e-05`` is ``0.00001``.
So the text is searched for such a number, and the slow encoder writes what has one, or what the fast one cannot write at all.
Where small floats are usual, ``number`` and ``numbers`` render them beforehand.
"""

import json
import re
from collections.abc import Sequence
from math import isfinite
from typing import Any

import msgspec
import orjson

from hitl.canonical import canonical, is_typed, to_plain

_TYPED = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
"""Views and events go through ``to_plain``, so that their fields are sorted like any object's."""

SMALL, LARGE = 1e-4, 1e16
"""Between them both encoders write a float alike."""

_EXPONENT, _ZEROS = re.compile(rb"e-[0-9][,\]}]"), re.compile(rb"0\.0000[0-9]")
"""Each begins with fixed bytes, so that a search need not try every place. They match a little too much, for which the slow
encoder writes the same."""


def canonical_fast(value: Any) -> bytes:
    """As ``canonical``, for objects, arrays, texts, whole numbers, truths, None and finite floats: what a strict parser or a
    check of ours let through. A NaN would come out as null.

    >>> canonical_fast({"b": 0.00001, "a": [0.5, None]})
    b'{"a":[0.5,null],"b":1e-05}'
    """
    try:
        data = orjson.dumps(value, default=to_plain, option=_TYPED)
    except TypeError:  # a whole number beyond 64 bits
        return canonical(value)
    return canonical(value) if _is_odd(data) else data


def read_canonical(data: bytes) -> Any:
    """Read the JSON value in ``data``, as the standard library reads it. Raises ValueError for what is no JSON.

    >>> read_canonical(b'{"a":[1e-05,18446744073709551616]}')
    {'a': [1e-05, 18446744073709551616]}
    """
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:  # a NaN, a number beyond all floats, half a character, or no JSON: the slow one tells
        return json.loads(data)


def canonical_rendered(value: dict[str, object]) -> bytes:
    """As ``canonical`` of an object whose small floats were rendered by ``number`` and ``numbers``: nothing is searched."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def number(value: float | None) -> "float | orjson.Fragment | None":
    """``value`` for ``canonical_rendered``. Raises ValueError for NaN and infinities."""
    if value is None or SMALL <= value < LARGE or value == 0.0:
        return value
    if not isfinite(value):
        raise ValueError(f"expected a finite number, came {value!r}")
    return orjson.Fragment(repr(value).encode())


def numbers(values: Sequence[float] | None) -> orjson.Fragment | None:
    """Return an array of floats for ``canonical_rendered``. Raises ValueError for NaN and infinities."""
    if values is None:
        return None
    data = orjson.dumps(values)
    if b"n" in data:
        raise ValueError("expected finite numbers, one is not")
    return orjson.Fragment(_written(values) if _is_odd(data) else data)


def _written(values: Sequence[float]) -> bytes:
    """As ``canonical`` of the finite ``values``, which makes an encoder for each call."""
    try:
        return f"[{','.join(map(float.__repr__, values))}]".encode()
    except TypeError:  # whole numbers are among them
        return canonical([*values])


def canonical_checked(value: Any) -> bytes:
    """As ``canonical`` for any value: what nobody checked is searched for NaN and infinities.

    Raises ValueError for those, TypeError for what is not JSON.
    """
    return canonical_and_read(value)[0]


def canonical_and_read(value: Any) -> tuple[bytes, Any]:
    """``canonical_checked`` with the value that ``read_canonical`` finds in it, which shares nothing with ``value``."""
    try:
        data = orjson.dumps(value, default=to_plain, option=_TYPED)
    except TypeError:  # a whole number beyond 64 bits
        data = canonical(value)
        return data, json.loads(data)
    read = orjson.loads(data)
    if read != value and not is_finite(value):  # NaN and infinities come back as None
        raise ValueError("expected finite numbers, one is not")
    return canonical(value) if _is_odd(data) else data, read


def _is_odd(data: bytes) -> bool:
    """Tell whether a number in ``data`` may be one that the two encoders write differently."""
    return bool(_EXPONENT.search(data) or _ZEROS.search(data))


def is_finite(value: Any) -> bool:
    """Tell whether no number in ``value``, a view, an event or plain JSON, is NaN or infinite."""
    kind = type(value)
    if kind is dict:
        return all(map(is_finite, value.values()))
    if kind is list or kind is tuple:
        return all(map(is_finite, value))
    if isinstance(value, float):
        return isfinite(value)
    return is_finite(to_plain(value)) if is_typed(value) else True
