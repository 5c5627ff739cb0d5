"""Point at the part of a policy in a request body that a refusal names."""

from typing import Any

from hitl.canonical import JsonObject


def place_of(key: str, body: JsonObject) -> str:
    """Return the JSON pointer (RFC 6901) of the part of ``{"policy": body}`` that ``key`` names with dots. A rule or a
    segment, which the key may name by its own name, is pointed at by its number. Where the name is a number that the list has,
    the number counts.

    >>> place_of("rules.large.when", {"rules": [{"name": "small"}, {"name": "large"}]})
    '/policy/rules/1/when'
    >>> place_of("by_segment.v1.2/x.high", {"by_segment": {"v1.2/x": {}}})
    '/policy/by_segment/v1.2~1x/high'
    """
    parts, here, left = ["policy"], body, key.split(".") if key else []
    while left:
        taken = _longest_known(here, left)
        name: str | int = ".".join(left[:taken])
        if isinstance(here, list):
            name = _number_in(here, str(name))
        here = _part(here, name)
        parts.append(str(name).replace("~", "~0").replace("/", "~1"))
        left = left[taken:]
    return "/" + "/".join(parts)


def _longest_known(here: Any, left: list[str]) -> int:
    """Return how many of the words, which dots stood between, are the name of one part: names of labels may have dots too."""
    known = (count for count in range(len(left), 1, -1) if isinstance(here, dict) and ".".join(left[:count]) in here)
    return next(known, 1)


def _number_in(items: list[Any], name: str) -> str | int:
    if name.isdecimal() and int(name) < len(items):
        return int(name)
    named = (at for at, item in enumerate(items) if isinstance(item, dict) and item.get("name") == name)
    return next(named, name)


def _part(here: Any, name: str | int) -> Any:
    if isinstance(here, list) and isinstance(name, int):
        return here[name]
    return here.get(name) if isinstance(here, dict) else None
