"""What a schema expects, in words for the person who has to mend a request: never a library's code, never what came."""

import re
from collections.abc import Mapping
from typing import Any

WORDS = {
    "missing": "a value: it is missing",
    "extra_forbidden": "no such field",
    "string_type": "a text",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_pattern_mismatch": "a text that matches {pattern}",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "none_required": "null",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "literal_error": "{expected}",
    "enum": "{expected}",
    "date_type": "a date such as 2026-01-31",
    "date_parsing": "a date such as 2026-01-31",
    "date_from_datetime_parsing": "a date such as 2026-01-31",
    "date_from_datetime_inexact": "a date without a time",
    "datetime_type": "a time such as 2026-01-31T12:00:00Z",
    "datetime_parsing": "a time such as 2026-01-31T12:00:00Z",
    "datetime_from_date_parsing": "a time such as 2026-01-31T12:00:00Z",
    "timezone_aware": "a time with its offset, such as 2026-01-31T12:00:00Z",
}
"""By the name of the fault; the braces are its own figures."""

OTHERWISE = "another value: see the API's document"
NAME = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)


def expected_in_words(error: Mapping[str, Any]) -> str:
    """The rule that a pydantic error says was broken.

    >>> expected_in_words({"type": "string_too_long", "ctx": {"max_length": 200}})
    'at most 200 characters'
    """
    if error["type"] == "value_error":  # a check of ours says what it expected
        return str(error.get("ctx", {}).get("error", OTHERWISE))
    words = WORDS.get(error["type"])
    return OTHERWISE if words is None else words.format_map(_Figures(error.get("ctx", {})))


def place_in_words(place: tuple[int | str, ...]) -> list[str]:
    """Return the parts of a place. An unknown field is the caller's own text: only a plain name is repeated."""
    parts = [str(part) for part in place]
    return parts if not parts or NAME.fullmatch(parts[-1]) or isinstance(place[-1], int) else [*parts[:-1], "?"]


class _Figures(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"its {name}"
