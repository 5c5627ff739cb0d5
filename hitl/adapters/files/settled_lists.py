"""What lists choose archived objects by: a column of their files, and for each file the span of time of each kind in it."""

from collections.abc import Iterable, Mapping
from heapq import heappush, heapreplace
from typing import Any, NamedTuple

import orjson

from hitl.machine.listing import Wanted

KIND, AT = "kind", "created_at"
"""The fields that every listed object has: its kind, and the time (UTC seconds) that lists order by."""

Spans = Mapping[str, tuple[float, float]]
"""Of each kind that a file holds, the times of its oldest and its newest object."""


class ListedRow(NamedTuple):
    """An archived object as lists see it."""

    row_id: str
    fields: dict[str, Any]


def listed_fields(data: bytes, names: Iterable[str]) -> dict[str, Any]:
    """Return those of the fields ``names`` that the object which is kept as ``data`` has, its kind and its time among them."""
    row = orjson.loads(data)[0]
    return {name: row[name] for name in (KIND, AT, *names) if name in row}


def spans_of(rows: Iterable[dict[str, Any]]) -> Spans:
    """Return the span of each kind among ``rows``."""
    found: dict[str, tuple[float, float]] = {}
    for row in rows:
        first, last = found.get(row[KIND], (row[AT], row[AT]))
        found[row[KIND]] = (min(first, row[AT]), max(last, row[AT]))
    return found


class Chosen:
    """The newest rows that are wanted, at most so many of each kind."""

    def __init__(self, wanted: Mapping[str, Wanted]) -> None:
        self._wanted = wanted
        self._newest: dict[str, list[tuple[float, str]]] = {kind: [] for kind in wanted}

    @property
    def ids(self) -> list[str]:
        """Of what was chosen, in no order."""
        return list(dict.fromkeys(row_id for newest in self._newest.values() for _, row_id in newest))

    def may_have(self, spans: Spans) -> bool:
        """Tell whether a file with ``spans`` may hold something newer than what was chosen."""
        return any(kind in spans and spans[kind][1] > self._floor(kind) for kind in self._wanted)

    def take(self, rows: Iterable[ListedRow]) -> None:
        """Choose among ``rows`` too."""
        for row_id, fields in rows:
            kind, at = fields[KIND], fields[AT]
            if kind in self._wanted and at > self._floor(kind) and self._wanted[kind].fits(fields):
                self._add(kind, (at, row_id))

    def _floor(self, kind: str) -> float:
        newest, wanted = self._newest[kind], self._wanted[kind]
        return max(wanted.floor, newest[0][0]) if len(newest) == wanted.most else wanted.floor

    def _add(self, kind: str, row: tuple[float, str]) -> None:
        newest = self._newest[kind]
        if row in newest:  # it left memory twice: the newest file is right about it
            return
        if len(newest) == self._wanted[kind].most:
            heapreplace(newest, row)
        else:
            heappush(newest, row)
