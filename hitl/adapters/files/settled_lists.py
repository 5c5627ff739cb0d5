"""What lists choose archived objects by: a column of their files, and for each file the span of the order of each kind in it."""

from collections.abc import Iterable, Mapping
from heapq import heappush, heapreplace
from typing import NamedTuple

import msgspec

from hitl.machine.listing import Wanted

Spans = Mapping[str, tuple[float, float]]
"""Of each kind that a file holds, the least and the greatest order."""


class ListedText(msgspec.Struct, gc=False):
    """What a file has of an object for lists: its kind, what it is ordered by (the greatest comes first), and the JSON of the
    fields that it is chosen by."""

    kind: str
    order: float
    fields: msgspec.Raw


class ListedRow(NamedTuple):
    """An archived object as lists see it."""

    row_id: str
    seen: ListedText


def spans_of(rows: Iterable[ListedRow]) -> Spans:
    """Return the span of each kind among ``rows``."""
    found: dict[str, tuple[float, float]] = {}
    for row in rows:
        kind, order = row.seen.kind, row.seen.order
        least, greatest = found.get(kind, (order, order))
        found[kind] = (min(least, order), max(greatest, order))
    return found


class Chosen:
    """The first rows that are wanted, at most so many of each kind."""

    def __init__(self, wanted: Mapping[str, Wanted]) -> None:
        self._wanted = wanted
        self._first: dict[str, list[tuple[float, str]]] = {kind: [] for kind in wanted}

    @property
    def ids(self) -> list[str]:
        """Of what was chosen, in no order."""
        return list(dict.fromkeys(row_id for first in self._first.values() for _, row_id in first))

    def may_have(self, spans: Spans | None) -> bool:
        """Tell whether a file with ``spans`` may hold something that comes before what was chosen; None: nobody knows."""
        if spans is None:
            return True
        return any(kind in spans and self._is_wanted(kind, *spans[kind]) for kind in self._wanted)

    def take(self, rows: Iterable[ListedRow]) -> None:
        """Choose among ``rows`` too."""
        for row_id, seen in rows:
            kind, order = seen.kind, seen.order
            if kind in self._wanted and self._is_wanted(kind, order, order) and self._wanted[kind].fits(bytes(seen.fields)):
                self._add(kind, (order, row_id))

    def _is_wanted(self, kind: str, least: float, greatest: float) -> bool:
        first, wanted = self._first[kind], self._wanted[kind]
        floor = max(wanted.floor, first[0][0]) if len(first) == wanted.most else wanted.floor
        return greatest > floor and least <= wanted.ceiling

    def _add(self, kind: str, row: tuple[float, str]) -> None:
        first = self._first[kind]
        if row in first:  # it left memory twice: the newest file is right about it
            return
        if len(first) == self._wanted[kind].most:
            heapreplace(first, row)
        else:
            heappush(first, row)
