"""The counts of one partition's cases in the file of the evidence: a row for each task and day, and one for each recent slot."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import msgspec

from hitl.adapters.files.projection import Projection, Row
from hitl.quality.traffic import DAY_S, SLOT_S, SLOTS_KEPT, Cell, CountedRecord, Groups, Traffic, TrafficCount
from hitl.routing.action import Action

TRAFFIC_TABLES = """
CREATE TABLE IF NOT EXISTS days (
    task TEXT, partition INTEGER, day INTEGER, position INTEGER, cells BLOB, first INTEGER, last INTEGER,
    PRIMARY KEY (task, partition, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slots (
    task TEXT, partition INTEGER, slot INTEGER, position INTEGER, cells BLOB, PRIMARY KEY (task, partition, slot)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traffic (
    task TEXT, partition INTEGER, position INTEGER, rest BLOB, PRIMARY KEY (task, partition)
) WITHOUT ROWID;
"""
"""``position`` is that of the partition up to which a row is right; the cases of a day stand from ``first`` to ``last``."""


Span = tuple[int, int]
WHOLE = ""
"""The part of an answer that a count is of, where it is of all cases."""


class _Cell(msgspec.Struct, array_like=True, frozen=True):
    day: int
    segment: str
    model_version: str | None
    policy_version: str
    action: str
    groups: Groups
    cases: int
    doubt: float
    drawn: int
    part: str = WHOLE


class _Rest(msgspec.Struct, array_like=True, frozen=True):
    values: dict[str, list[str]]
    watched: dict[str, dict[str, int]]
    newest: int


_pack = msgspec.msgpack.encode
_cells, _rest = msgspec.msgpack.Decoder(list[_Cell]), msgspec.msgpack.Decoder(_Rest)


@dataclass(slots=True)
class _Touched:
    """The days and slots of a task whose counts are not written yet."""

    days: set[int] = field(default_factory=set)
    slots: set[int] = field(default_factory=set)


class TrafficRows:
    """The counts of ``partition``: in memory, since their number depends on days and parts alone, and in ``file``."""

    def __init__(self, file: Projection, partition: int) -> None:
        self._file, self._partition = file, partition
        self._traffic: dict[str, Traffic] = {}
        self._touched: dict[str, _Touched] = {}
        self._spans: dict[tuple[str, int], Span] = {}
        self._era, self.position = file.era, 0

    def refresh(self, position: int) -> None:
        """Take up what other processes counted up to ``position``, which the file names."""
        if (era := self._file.era) != self._era or position < self.position:
            self.forget()
            self._era = era
        if position != self.position:
            self._read()
            self.position = position

    def count(self, task: str, seq: int, record: CountedRecord, groups: dict[str, str]) -> Groups:
        """Count the case at position ``seq``; the groups that it was counted under. Nothing is written before ``write``."""
        touched, traffic = self._touched.get(task), self._traffic.get(task)
        if touched is None or traffic is None:
            touched, traffic = self._touched.setdefault(task, _Touched()), self._traffic.setdefault(task, Traffic())
        day = int(record.at // DAY_S)
        first, last = self._spans.get((task, day), (seq, seq))
        self._spans[task, day] = (min(first, seq), max(last, seq))
        touched.days.add(day)
        touched.slots.add(int(record.at // SLOT_S))
        return traffic.count(record, groups)

    def write(self, connection: sqlite3.Connection, position: int) -> None:
        """Write what was counted since the last ``write``, up to ``position``."""
        for task, touched in self._touched.items():
            traffic, place = self._traffic[task], (task, self._partition)
            of_days = {day: _pack(cells) for day, cells in _by_day(traffic, touched.days).items()}
            days = [(*place, day, position, cells, *self._spans[task, day]) for day, cells in of_days.items()]
            connection.executemany("INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?, ?)", days)
            slots = [slot for slot in touched.slots if slot in traffic.recent]
            of_slots = [(*place, slot, position, _pack(_of_slot(traffic, slot))) for slot in slots]
            connection.executemany("INSERT OR REPLACE INTO slots VALUES (?, ?, ?, ?, ?)", of_slots)
            old = (*place, traffic.newest - SLOTS_KEPT)
            connection.execute("DELETE FROM slots WHERE task = ? AND partition = ? AND slot < ?", old)
            values = {name: sorted(known) for name, known in traffic.values.items()}
            rest = _pack(_Rest(values, {version: dict(each) for version, each in traffic.watched.items()}, traffic.newest))
            connection.execute("INSERT OR REPLACE INTO traffic VALUES (?, ?, ?, ?)", (*place, position, rest))

    def written(self, position: int) -> None:
        """What was counted is in the file up to ``position``."""
        self._touched, self.position = {}, position

    def forget(self) -> None:
        """Drop what memory holds: the next ``refresh`` reads the file."""
        self._traffic, self._touched, self._spans, self.position = {}, {}, {}, 0

    def of(self, task: str) -> Traffic:
        """Return the counts of ``task`` in this partition."""
        return self._traffic.get(task, Traffic())

    def span_of(self, task: str, day: int) -> Span | None:
        """Return the first and the last position of the cases of ``task`` of that day; None: there were none."""
        return self._spans.get((task, day))

    def recount(self, connection: sqlite3.Connection, task: str, day: int, counts: Traffic) -> None:
        """Write ``counts`` in place of what was counted of that day."""
        place, cells = (task, self._partition), _pack(_by_day(counts, [day])[day])
        connection.execute("UPDATE days SET cells = ? WHERE task = ? AND partition = ? AND day = ?", (cells, *place, day))
        slots = (*place, int(day * DAY_S // SLOT_S), int((day + 1) * DAY_S // SLOT_S))
        connection.execute("DELETE FROM slots WHERE task = ? AND partition = ? AND slot >= ? AND slot < ?", slots)
        oldest = self.of(task).newest - SLOTS_KEPT
        left = [(*place, slot, self.position, _pack(_of_slot(counts, slot))) for slot in counts.recent if slot >= oldest]
        connection.executemany("INSERT INTO slots VALUES (?, ?, ?, ?, ?)", left)

    def _read(self) -> None:
        """Read the rows that were written since. Another process may write between the queries: what is newer than the
        position is read again."""
        where = "WHERE partition = ? AND position > ?"
        for task, data in self._news(f"SELECT task, rest FROM traffic {where}"):
            rest, traffic = _rest.decode(data), self._traffic.setdefault(task, Traffic())
            traffic.values = {name: set(known) for name, known in rest.values.items()}
            traffic.watched = {version: Counter(routes) for version, routes in rest.watched.items()}
            traffic.forget_before(rest.newest)
        for task, day, data, *span in self._news(f"SELECT task, day, cells, first, last FROM days {where}"):
            for part, cell, count in _unpacked(data):
                _part_of(self._traffic.setdefault(task, Traffic()), part).cells[cell] = count
            self._spans[task, day] = (span[0], span[1])
        for task, slot, data in self._news(f"SELECT task, slot, cells FROM slots {where}"):
            for part, cell, count in _unpacked(data):
                _part_of(self._traffic.setdefault(task, Traffic()), part).recent.setdefault(slot, {})[cell] = count

    def _news(self, query: str) -> list[Row]:
        return self._file.rows(query, self._partition, self.position)


def _part_of(traffic: Traffic, part: str) -> Traffic:
    return traffic if part == WHOLE else traffic.parts.setdefault(part, Traffic(newest=traffic.newest))


def _with_parts(traffic: Traffic) -> list[tuple[str, Traffic]]:
    return [(WHOLE, traffic), *traffic.parts.items()]


def _by_day(traffic: Traffic, days: Collection[int]) -> dict[int, list[_Cell]]:
    found: dict[int, list[_Cell]] = {day: [] for day in days}
    for part, counts in _with_parts(traffic):
        for cell, count in counts.cells.items():
            if cell.day in found:
                found[cell.day].append(_packed(cell, count, part))
    return found


def _of_slot(traffic: Traffic, slot: int) -> list[_Cell]:
    return [
        _packed(cell, count, part) for part, counts in _with_parts(traffic) for cell, count in counts.recent.get(slot, {}).items()
    ]


def _packed(cell: Cell, count: TrafficCount, part: str) -> _Cell:
    place = (cell.day, cell.segment, cell.model_version, cell.policy_version, cell.action.value, cell.groups)
    return _Cell(*place, count.cases, count.doubt, count.drawn, part)


def _unpacked(data: bytes) -> Iterable[tuple[str, Cell, TrafficCount]]:
    for each in _cells.decode(data):
        cell = Cell(each.day, each.segment, each.model_version, each.policy_version, Action(each.action), each.groups)
        yield each.part, cell, TrafficCount(each.cases, each.doubt, each.drawn)
