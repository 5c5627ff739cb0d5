"""JSON that people write into a text field: it becomes a value only where every later answer can hold it."""

import json
from math import isfinite
from typing import Any, NoReturn

from hitl.canonical import Json, JsonObject

MAX_DEPTH = 20
"""Levels: the value stands some levels deep in the interaction, and bodies may have 32."""

MAX_VALUES = 10_000
LARGEST_WHOLE = 2**63


def value_of(text: str) -> Json:
    """Return the JSON value of ``text``, or the text as it is: what is no JSON, too deep or too large, or beyond a double.

    >>> value_of('{"a": 1}'), value_of("as it is"), value_of("1e400")
    ({'a': 1}, 'as it is', '1e400')
    """
    try:
        value: Json = json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_repetition)
        _check([value])
    except (ValueError, RecursionError):
        return text
    return value


def _check(level: list[Any]) -> None:
    """Level by level. Raises ValueError."""
    depth, count = 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH or count > MAX_VALUES or not all(map(_is_plain, level)):
            raise ValueError("no value that can be kept")
        level = [part for value in level for part in _parts(value)]


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, int) or abs(value) < LARGEST_WHOLE


def _without_repetition(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
