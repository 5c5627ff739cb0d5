"""Count what a value consists of, so that pages and loops over it can be bounded before they are made."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

PAGE_WEIGHT = 2_000_000
"""Values and characters of one page: what a list may hold in memory and put into one answer."""

T = TypeVar("T")


def weight_of(value: Any) -> int:
    """The values and characters that ``value``, JSON or a view, consists of.

    >>> weight_of({"a": [1.0, "xyz"]})
    8
    """
    if isinstance(value, str):
        return len(value) + 1
    if isinstance(value, Mapping):
        return sum(len(str(name)) + weight_of(each) for name, each in value.items()) + 1
    if isinstance(value, list | tuple):
        return sum(map(weight_of, value)) + 1
    if is_dataclass(value) and not isinstance(value, type):
        return sum(weight_of(getattr(value, each.name)) for each in fields(value)) + 1
    return 1


def cut_page(found: Iterable[T], limit: int, most: int = PAGE_WEIGHT) -> tuple[list[T], bool]:
    """Return the first ``limit`` of ``found``, or as many of them as weigh no more than ``most``, one at least; and whether that
    left some of them out.

    >>> cut_page(["aaaa", "bbbb", "cccc"], 3, most=11)
    (['aaaa', 'bbbb'], True)
    """
    page: list[T] = []
    weight = 0
    for each in found:
        if len(page) == limit:
            break
        weight += weight_of(each)
        if page and weight > most:
            return page, True
        page.append(each)
    return page, False
