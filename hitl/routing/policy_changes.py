"""List what one policy changes in another, field by field, for the people who vote on it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from hitl.canonical import JsonObject

ORDER = "(order)"


class PolicyChangeLine(TypedDict):
    """One field: ``path`` names it with dots, a rule or a segment by its own name; ``before`` or ``after`` is None where the
    field is absent there."""

    path: str
    before: Any
    after: Any


def policy_changes(before: JsonObject, after: JsonObject) -> list[PolicyChangeLine]:
    """Return the fields that differ, in the order of their paths.

    >>> policy_changes({"automatic": 0.95, "rules": []}, {"automatic": 0.85, "rules": [{"name": "large", "effect": "review"}]})
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'path': 'automatic', 'before': 0.95, 'after': 0.85},
     {'path': 'rules.(order)', 'before': [], 'after': ['large']},
     {'path': 'rules.large.effect', 'before': None, 'after': 'review'},
     {'path': 'rules.large.name', 'before': None, 'after': 'large'}]
    """
    old, new = dict(_leaves(before)), dict(_leaves(after))
    differing = [path for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)]
    return [{"path": path, "before": old.get(path), "after": new.get(path)} for path in differing]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    parts = None if path.endswith(ORDER) else _parts(value)
    if parts is None:
        yield path, value
        return
    for name, part in parts.items():
        yield from _leaves(part, f"{path}.{name}" if path else name)


def _parts(value: Any) -> Mapping[str, Any] | None:
    """Return the named parts of an object, or of a list of things that have names, with the order of those as one more part: the
    first rule that fits wins. None for a value without parts."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in value):
        names = [each["name"] for each in value]
        return {**dict(zip(names, value, strict=True)), ORDER: names} if len(set(names)) == len(names) else None
    return None
