"""Rows of equal length by task, series and UTC day, one after the other: what figures read, a day in one piece.

A day is a set that may hold a row twice: rows have no names, and one goes by what it says.
"""

import sqlite3
from collections.abc import Sequence

DAY_ROWS_TABLES = """
CREATE TABLE IF NOT EXISTS day_rows (
    task INTEGER NOT NULL, series TEXT NOT NULL, day INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (task, series, day)
);
"""
OF_DAYS = "SELECT rows FROM day_rows WHERE task = ? AND series = ? AND day >= ? AND day < ?"
"""The rows of the days from one on, before another."""
_ONE = "SELECT rows FROM day_rows WHERE task = ? AND series = ? AND day = ?"

Place = tuple[int, str, int]
"""Task, series and day."""


class DayRows:
    """The rows that a transaction changes: they are in the file once ``write`` was called."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._days: dict[Place, bytearray] = {}

    def add(self, place: Place, rows: Sequence[bytes]) -> None:
        """Add ``rows`` to the day."""
        self._day(place).extend(b"".join(rows))

    def remove(self, place: Place, rows: Sequence[bytes]) -> None:
        """Take ``rows`` from the day. Raises LookupError where one is not there: it was added otherwise."""
        day = self._day(place)
        for row in rows:
            at = day.find(row)
            while at >= 0 and at % len(row):  # the bytes of two neighbours may look like it
                at = day.find(row, at + 1)
            if at < 0:
                raise LookupError(f"a row of {place[1]} is not among those of day {place[2]} of task {place[0]}")
            del day[at : at + len(row)]

    def write(self) -> None:
        """Write the days that changed."""
        for place, rows in self._days.items():
            if rows:
                self._connection.execute("INSERT OR REPLACE INTO day_rows VALUES (?, ?, ?, ?)", (*place, bytes(rows)))
            else:
                self._connection.execute("DELETE FROM day_rows WHERE task = ? AND series = ? AND day = ?", place)

    def _day(self, place: Place) -> bytearray:
        if place not in self._days:
            found = self._connection.execute(_ONE, place).fetchone()
            self._days[place] = bytearray(found[0] if found else b"")
        return self._days[place]
