"""Capture a bounded, plain picture of any value, without running the value's own code.

No ``repr``, no properties, no iteration of foreign objects: a tracked function's arguments and result stay untouched, and
a huge or hostile one costs no more than the limits below.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from math import isfinite
from pathlib import PurePath
from typing import Any
from uuid import UUID

MAX_TEXT = 8_000
"""Characters kept of one text: more than a page, less than MLflow's tag limit."""
MAX_ITEMS = 100
"""Items kept of one collection; its length is kept beside them."""
MAX_DEPTH = 6
MAX_NODES = 1_000
"""Values in one picture: bounds the time of a call, about 0.3 ms at the limit."""
MORE = "…more"
"""The key of a marker that stands for what was left out."""

_SPEAKING = (datetime, date, time, timedelta, Decimal, UUID, PurePath)
_THEIR_MODULES = ("datetime", "decimal", "uuid", "pathlib")


def plain(value: Any) -> Any:
    """Return a JSON picture of ``value``; later changes of ``value`` do not show in it.

    >>> plain({"a": (1, "x"), "b": b"12"})
    {'a': [1, 'x'], 'b': {'bytes': 2}}
    """
    return _picture(value, MAX_DEPTH, [MAX_NODES])


def fields_of(value: Any) -> Mapping[str, Any] | None:
    """Return the named parts of a dict, dataclass, pydantic model or plain object; None for anything without them."""
    if _is(value, dict):
        return dict(dict.items(value))
    slots = getattr(type(value), "__dataclass_fields__", None)
    if slots is not None and not _is(value, type):
        return {name: object.__getattribute__(value, name) for name in slots if _has(value, name)}
    if type(value).__module__ == "builtins" or _is(value, type):
        return None
    stored = getattr(type(value), "__dict__", {}).get("__pydantic_fields__")
    found = _stored(value)
    return {name: found[name] for name in stored if name in found} if stored and found is not None else found


def length_of(items: list[Any]) -> int:
    """Return the length that a pictured list had before it was cut."""
    last = items[-1] if items else None
    return len(items) - 1 + int(last[MORE]) if isinstance(last, dict) and set(last) == {MORE} else len(items)


def _has(value: Any, name: str) -> bool:
    try:
        object.__getattribute__(value, name)
    except AttributeError:
        return False
    return True


def _stored(value: Any) -> Mapping[str, Any] | None:
    try:
        found = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    return {name: part for name, part in found.items() if not name.startswith("_")} if isinstance(found, dict) else None


def _picture(value: Any, depth: int, left: list[int]) -> Any:
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… ({len(value)} characters)"
    if kind is int:
        return value if value.bit_length() <= 63 else {"type": "int", "bits": value.bit_length()}
    if kind is float:
        return value if isfinite(value) else str(value)
    left[0] -= 1
    if depth == 0 or left[0] <= 0:
        return {"type": _name(value)}
    return _composed(value, depth - 1, left)


def _composed(value: Any, depth: int, left: list[int]) -> Any:
    if _is(value, dict):
        return _of_dict(value, depth, left)
    if type(value) in (list, tuple, set, frozenset):
        return _of_list(value, depth, left)
    if _is(value, (bytes, bytearray, memoryview)):
        return {"bytes": len(value)}
    if _is(value, Enum):
        return _picture(object.__getattribute__(value, "_value_"), depth, left)
    if _is(value, _SPEAKING) and type(value).__module__ in _THEIR_MODULES:
        return str(value)
    return _of_object(value, depth, left)


def _of_dict(value: dict[Any, Any], depth: int, left: list[int]) -> dict[str, Any]:
    picture: dict[str, Any] = {}
    for index, (key, part) in enumerate(list(islice(dict.items(value), MAX_ITEMS + 1))):
        if index == MAX_ITEMS or left[0] <= 0:
            picture[MORE] = len(value) - index
            break
        picture[key[:250] if type(key) is str else _key(key)] = _picture(part, depth, left)
    return picture


def _of_list(value: Any, depth: int, left: list[int]) -> list[Any]:
    picture = []
    for index, part in enumerate(value):
        if index == MAX_ITEMS or left[0] <= 0:
            picture.append({MORE: len(value) - index})
            break
        picture.append(_picture(part, depth, left))
    return picture


def _of_object(value: Any, depth: int, left: list[int]) -> Any:
    if (number := scalar_in(value)) is not value:
        return _picture(number, depth, left)
    shape = _stored_shape(value)
    if shape is not None:
        return {"type": _name(value), "shape": shape}
    if _is(value, tuple) and (names := getattr(type(value), "_fields", None)):
        return {name: _picture(part, depth, left) for name, part in zip(names, tuple.__iter__(value), strict=False)}
    parts = fields_of(value)
    if parts is None:
        return {"type": _name(value)}
    return _of_dict({name: parts[name] for name in list(parts)[: MAX_ITEMS + 1]}, depth, left)


def scalar_in(value: Any) -> Any:
    """Return the Python number in one of numpy's or torch's, or in an array of theirs without axes; any other value as it is."""
    if type(value).__module__.partition(".")[0] not in ("numpy", "torch") or _stored_shape(value) != []:
        return value
    number = value.item()
    return number if type(number) in (int, float, bool) else float(number) if _is_long_double(value) else value


def _is_long_double(value: Any) -> bool:
    return getattr(getattr(value, "dtype", None), "kind", "") == "f"


def _stored_shape(value: Any) -> list[int] | None:
    """Return the shape of an array or tensor: only these libraries' own, whose ``shape`` runs no foreign code."""
    if type(value).__module__.partition(".")[0] not in ("numpy", "torch", "pandas"):
        return None
    shape = getattr(value, "shape", None)
    return [int(size) for size in shape] if shape is not None else None


def _key(key: Any) -> str:
    return str(key) if isinstance(key, (int, float, bool, type(None))) else _name(key)


def _is(value: Any, kinds: type | tuple[type, ...]) -> bool:
    """``isinstance`` asks the value for its ``__class__``; this asks nobody."""
    return issubclass(type(value), kinds)


def _name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
