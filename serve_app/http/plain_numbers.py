"""A ten times faster parser for the most common body: one key with a flat array of numbers.

A pattern that such a body matches as a whole leaves no room for what parse.py refuses: no second key, no text, no nesting, no
names like NaN. Whatever does not match, or holds a number beyond EXACT, is parse.py's to read and to refuse.
"""

import re

import orjson

from hitl.canonical import JsonObject

EXACT = 2**53
"""Beyond it the two parsers may read a whole number differently."""

MAX_NUMBERS = 65_536
_BODY = re.compile(rb'\s*\{\s*"([A-Za-z_]{1,64})"\s*:\s*(\[[-+.0-9eE,\s]+\])\s*\}\s*')


def plain_numbers(body: bytes) -> JsonObject | None:
    """Return the object of ``body`` as parse.parse_json gives it, or None: then that has to be asked."""
    match = _BODY.fullmatch(body)
    if match is None:
        return None
    try:
        values = orjson.loads(match[2])
    except orjson.JSONDecodeError:
        return None
    is_exact = 0 < len(values) <= MAX_NUMBERS and min(values) >= -EXACT and max(values) <= EXACT
    return {match[1].decode(): values} if is_exact else None
