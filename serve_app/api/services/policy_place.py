"""Point at the part of a policy in a request body that a refusal names."""

from collections.abc import Iterable
from typing import Any

from hitl.canonical import JsonObject


def place_of(key: str, body: JsonObject) -> str:
    """Return the JSON pointer (RFC 6901) of the part of ``{"policy": body}`` that ``key`` names with dots. An item of a list,
    which the key may name by its own name or text, is pointed at by its number. Where the name is a number that the list has,
    the number counts.

    >>> place_of("rules.large.when", {"rules": [{"name": "small"}, {"name": "large"}]})
    '/policy/rules/1/when'
    >>> place_of("by_segment.v1.2/x.high", {"by_segment": {"v1.2/x": {}}})
    '/policy/by_segment/v1.2~1x/high'
    """
    parts: list[str] = ["policy"]
    here: Any = body
    rest = key
    while rest and isinstance(here, dict | list):
        names = here if isinstance(here, dict) else _numbers(here)
        name = _longest(names, rest)
        at = name if isinstance(here, dict) else _number_in(here, name)
        here = _part(here, at)
        parts.append(str(at))
        rest = rest[len(name) + 1 :]
    parts += rest.split(".") if rest else []
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def _longest(names: Iterable[str], rest: str) -> str:
    """Return the longest of the names that ``rest`` begins with, for names may have dots too; its first word if none does."""
    return max((name for name in names if rest == name or rest.startswith(f"{name}.")), key=len, default=rest.partition(".")[0])


def _numbers(items: list[Any]) -> dict[str, int]:
    """The first item of each name."""
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return {name: at for at, name in reversed(list(enumerate(names))) if isinstance(name, str)}


def _number_in(items: list[Any], name: str) -> str | int:
    is_number = name.isdecimal() and len(name) <= len(str(len(items)))
    return int(name) if is_number and int(name) < len(items) else _numbers(items).get(name, name)


def _part(here: Any, at: str | int) -> Any:
    if isinstance(here, list):
        return here[at] if isinstance(at, int) else None
    return here.get(at)
