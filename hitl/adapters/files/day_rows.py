"""Rows of equal length by task, series and UTC day, one after the other: what figures read, a day in one piece.

A day is a set that may hold a row twice: rows have no names, and one goes by what it says.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence

DAY_ROWS_TABLES = """
CREATE TABLE IF NOT EXISTS day_rows (
    task INTEGER NOT NULL, series TEXT NOT NULL, day INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (task, series, day)
);
"""
OF_DAYS = "SELECT rows FROM day_rows WHERE task = ? AND series = ? AND day >= ? AND day < ?"
"""The rows of the days from one on, before another."""
ALL_DAYS = (-(2**62), 2**62)
_ONE = "SELECT rows FROM day_rows WHERE task = ? AND series = ? AND day = ?"

Place = tuple[int, str, int]
"""Task, series and day."""


class RowsDiffer(Exception):
    """The file holds other rows than are derived now: all of it must be derived anew."""


class DayRows:
    """The rows that a transaction changes: they are in the file once ``write`` was called."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._added: dict[Place, list[bytes]] = {}
        self._removed: dict[Place, Counter[bytes]] = {}

    def add(self, place: Place, rows: Sequence[bytes]) -> None:
        """Add ``rows`` to the day."""
        self._added.setdefault(place, []).extend(rows)

    def remove(self, place: Place, rows: Sequence[bytes]) -> None:
        """Take ``rows`` from the day, among them such as were added before."""
        self._removed.setdefault(place, Counter()).update(rows)

    def write(self) -> None:
        """Write the days that changed, each in one pass. Raises RowsDiffer where a removed row is not there: it was added
        otherwise."""
        for place in {**self._added, **self._removed}:
            found = self._connection.execute(_ONE, place).fetchone()
            rows = b"".join([found[0] if found else b"", *self._added.get(place, [])])
            left = _without(rows, self._removed.get(place, Counter()), place)
            if left:
                self._connection.execute("INSERT OR REPLACE INTO day_rows VALUES (?, ?, ?, ?)", (*place, left))
            else:
                self._connection.execute("DELETE FROM day_rows WHERE task = ? AND series = ? AND day = ?", place)


def _without(rows: bytes, removed: Counter[bytes], place: Place) -> bytes:
    if not removed:
        return rows
    width, gone, kept = len(next(iter(removed))), removed.copy(), list[bytes]()
    for at in range(0, len(rows), width):
        row = rows[at : at + width]
        if gone[row] > 0:
            gone[row] -= 1
        else:
            kept.append(row)
    if any(gone.values()):
        raise RowsDiffer(f"a row of {place[1]} is not among those of day {place[2]} of task {place[0]}")
    return b"".join(kept)
