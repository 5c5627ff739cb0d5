"""Where two JSON values differ, place by place, in sentences that show all that differs."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_SHOWN = 200
"""Characters of a value in a sentence; of a longer one what both sides have in common is left out, and nothing else."""
CONTEXT = 20
"""Characters in common that stay before and behind what differs."""
PLAIN = re.compile(r"[\w-]+")


class Absent:
    """There is no such value."""


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """``key`` leads to what differs, and ends at the first list; ``words`` are a sentence about it."""

    key: tuple[str, ...]
    words: str


def find_differences(was: Any, becomes: Any, key: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield what differs between two JSON values, in the order of their keys.

    Items of a list are told apart by their ``name`` where all have one, those of a long list of plain values by what they are,
    others by their position, from #1 on."""
    if _text(was) == _text(becomes):
        return
    if isinstance(was, Mapping) and isinstance(becomes, Mapping):
        for name in sorted(was.keys() | becomes.keys()):
            yield from find_differences(was.get(name, ABSENT), becomes.get(name, ABSENT), (*key, name))
    elif isinstance(was, list) and isinstance(becomes, list):
        yield from (Difference(key, words) for words in _of_lists(was, becomes, key))
    else:
        yield Difference(key, _change(was, becomes, key))


def _of_lists(was: list[Any], becomes: list[Any], place: tuple[str, ...]) -> Iterator[str]:
    if all(_is_short(each) for each in (was, becomes)) and not any(map(_has_parts, (*was, *becomes))):
        yield _change(was, becomes, place)
        return
    old, new = _by_name(was), _by_name(becomes)
    if old is None or new is None:
        old, new = ({f"#{at}": item for at, item in enumerate(items, 1)} for items in (was, becomes))
    yield from _of_items(old, new, place)
    kept = [[name for name in items if name in old and name in new] for items in (old, new)]
    if kept[0] != kept[1]:
        yield f"The order of {_change(kept[0], kept[1], place)}"


def _of_items(was: Mapping[str, Any], becomes: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    for name in {**was, **becomes}:
        here = (*place, name)
        if name not in becomes:
            yield f"{_path(here)} is removed: {_text(was[name])}."
        elif name not in was:
            yield f"{_path(here)} is added: {_text(becomes[name])}."
        else:
            yield from (each.words for each in find_differences(was[name], becomes[name], here))


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    """Return the items by their names, plain ones by what they are; None where that does not tell all of them apart."""
    named = {name: item for item in items if (name := _name(item)) is not None}
    return named if len(named) == len(items) else None


def _name(item: Any) -> str | None:
    name = item.get("name") if isinstance(item, Mapping) else None if isinstance(item, list) else item
    return name if isinstance(name, str) else None if name is None else _text(name)


def _has_parts(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def _is_short(value: Any) -> bool:
    return len(_text(value)) <= MOST_SHOWN


def _change(was: Any, becomes: Any, place: tuple[str, ...]) -> str:
    old, new = _without_common(_text(was), _text(becomes))
    return f"{_path(place)} changes from {old} to {new}."


def _without_common(one: str, other: str) -> tuple[str, str]:
    """Leave out what two texts have in common at their beginning and their end, but CONTEXT of it; short ones stay whole."""
    if max(len(one), len(other)) <= MOST_SHOWN:
        return one, other
    before = _in_common(one, other)
    behind = _in_common(one[before:][::-1], other[before:][::-1])
    start, left = max(before - CONTEXT, 0), max(behind - CONTEXT, 0)
    shown = [text[start : len(text) - left] for text in (one, other)]
    first, last = "…" if start else "", "…" if left else ""
    return f"{first}{shown[0]}{last}", f"{first}{shown[1]}{last}"


def _in_common(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _path(place: tuple[str, ...]) -> str:
    return ".".join(part if PLAIN.fullmatch(part.removeprefix("#")) else _text(part) for part in place)


def _text(value: Any) -> str:
    """Return ``value`` as JSON in which every character can be seen; what is absent is nothing."""
    if value is ABSENT:
        return "nothing"
    said = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in said)
