"""Read single values out of free JSON: a step's configuration, a form as it was filled in, a stage's result.

What was checked when it came is read as its type; what an older entry, or somebody's own form, holds otherwise becomes the empty
value of that type, so that a replay never fails.
"""

from typing_extensions import TypeIs

from hitl.canonical import Json, JsonObject


def decision_in(given: JsonObject) -> str:
    """Return the option that a person chose in a form with the field ``decision``."""
    return str(given["decision"])


def object_in(found: JsonObject, key: str) -> JsonObject:
    """
    >>> object_in({"a": {"b": 1}}, "a"), object_in({"a": 1}, "a")
    ({'b': 1}, {})
    """
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def rows_in(found: JsonObject, key: str) -> list[Json]:
    """
    >>> rows_in({"a": [1]}, "a"), rows_in({}, "a")
    ([1], [])
    """
    value = found.get(key)
    return value if isinstance(value, list) else []


def texts_in(found: JsonObject, key: str) -> list[str]:
    """
    >>> texts_in({"a": ["ann", "bob"]}, "a"), texts_in({}, "a")
    (['ann', 'bob'], [])
    """
    return [str(each) for each in rows_in(found, key)]


def number_in(found: JsonObject, key: str, default: float) -> float:
    """
    >>> number_in({"a": 2}, "a", 1.0), number_in({"a": True}, "a", 1.0)
    (2, 1.0)
    """
    value = found.get(key)
    return value if is_number(value) else default


def whole_in(found: JsonObject, key: str, default: int) -> int:
    """
    >>> whole_in({"a": 2}, "a", 1), whole_in({"a": 2.5}, "a", 1)
    (2, 1)
    """
    value = found.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def is_number(value: object) -> TypeIs[int | float]:
    """Tell whether ``value`` is a number of JSON; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
