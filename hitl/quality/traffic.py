"""Counts of cases by who decided them and how unsure the model was: the denominators of every figure.

Counted by day, segment, serving versions and declared group, so that a question about a part needs no look at single cases.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias, TypeVar

from hitl.intake.record import CaseRecord
from hitl.intake.routed import RoutedCase
from hitl.quality.shadow import ARROW
from hitl.routing.route import Action

K = TypeVar("K")

DAY_S = 86_400.0
SLOT_S = 600.0
"""Recent cases are counted by such stretches too, so that the last hour has figures of its own."""
RECENT_S = 50 * 3600.0
"""How long: a day and the one before it, with some hours to spare. Older cases are told apart by days alone, so that memory stays
flat."""
SLOTS_KEPT = int(RECENT_S // SLOT_S) + 1
MOST_VALUES = 50
"""Of one group field; what comes later is counted as OTHER, so that memory stays flat."""
OTHER = "other"
NO_VALUE = "none given"

Groups = tuple[tuple[str, str], ...]
"""(field, value) pairs in the order in which a task declares its groups."""


CountedRecord: TypeAlias = CaseRecord | RoutedCase
"""What is counted: a whole record, or the part of it that figures read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``day`` counts from 1970 in UTC."""

    day: int
    segment: str
    model_version: str | None
    policy_version: str
    action: Action
    groups: Groups
    _hash: int = field(init=False, repr=False, compare=False)
    """Counted once: each question looks up all cells."""

    def __post_init__(self) -> None:
        parts = (self.day, self.segment, self.model_version, self.policy_version, self.action, self.groups)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["Cell"], tuple[object, ...]]:
        """Count it anew in another process, where texts have other hashes."""
        return Cell, (self.day, self.segment, self.model_version, self.policy_version, self.action, self.groups)

    @property
    def is_override(self) -> bool:
        """Whether overrides answered these cases, in place of the model."""
        return self.action is Action.AUTOMATIC and self.model_version is None


@dataclass(slots=True)
class TrafficCount:
    """``doubt`` is the sum of one minus the confidence: the errors that the model itself expects; ``drawn`` were to be checked
    blindly, whether or not anybody has done it yet."""

    cases: int = 0
    doubt: float = 0.0
    drawn: int = 0

    def add(self, other: "TrafficCount") -> None:
        self.cases += other.cases
        self.doubt += other.doubt
        self.drawn += other.drawn

    def remove(self, other: "TrafficCount") -> None:
        self.cases -= other.cases
        self.doubt -= other.doubt
        self.drawn -= other.drawn


@dataclass(frozen=True, slots=True)
class TrafficSums:
    """The counts of some traffic by who decided, True beside overrides, and the ``drawn`` automatic decisions of each day."""

    counts: dict[tuple[Action, bool], TrafficCount]
    drawn: dict[tuple[int, bool], int]

    def of(self, action: Action | None = None, by_override: bool | None = None) -> TrafficCount:
        """Return the counts of one action or of all, by overrides, without them, or whoever decided."""
        total = TrafficCount()
        for (each, is_override), count in self.counts.items():
            if action in (None, each) and by_override in (None, is_override):
                total.add(count)
        return total


@dataclass(slots=True)
class Traffic:
    """The counts of one task, changed in place by ``count``. ``recent`` holds the same counts by slot (of SLOT_S seconds from
    1970) for the newest RECENT_S seconds, up to the slot ``newest``. ``watched``: by the version of a policy that only watched,
    how often it would have taken which route, ``taken>would``. ``parts``: by the part of an answer, the cases in which the model
    decided it by itself, while people decided others."""

    cells: dict[Cell, TrafficCount] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=dict)
    watched: dict[str, Counter[str]] = field(default_factory=dict)
    recent: dict[int, dict[Cell, TrafficCount]] = field(default_factory=dict)
    parts: dict[str, "Traffic"] = field(default_factory=dict)
    newest: int = 0

    def count(self, record: CountedRecord, groups: Mapping[str, str]) -> Groups:
        """Count one case; ``groups`` by declared field. The groups that it was counted under."""
        kept = tuple((name, self._kept(name, value)) for name, value in groups.items())
        if record.shadow is not None:
            self._watch(record.shadow, record.action)
        doubt = 1.0 if record.confidence is None else 1.0 - record.confidence
        day, drawn = int(record.at // DAY_S), int(bool(record.streams))
        cell = _cell(day, record.segment, record.model_version, record.policy_version, record.action, kept)
        slot = int(record.at // SLOT_S)
        self._add(slot, cell, doubt, drawn)
        for name in (record.automatic_parts or ()) if cell.action is not Action.AUTOMATIC else ():
            self.parts.setdefault(name, Traffic(newest=self.newest))._add(slot, cell, doubt, drawn)
        return kept

    def of_part(self, name: str) -> "Traffic":
        """Return the counts by who decided the part ``name`` of each case: the model too where people decided others."""
        found = Traffic({cell: replace(count) for cell, count in self.cells.items()}, self.values)
        for cell, count in self.parts[name].cells.items() if name in self.parts else ():
            found.cells[cell].remove(count)
            found.cells.setdefault(replace(cell, action=Action.AUTOMATIC), TrafficCount()).add(count)
        return found

    @staticmethod
    def joined(shares: "Iterable[Traffic]") -> "Traffic":
        """Return the counts of several partitions as one, which nothing changes any more."""
        found, parts = Traffic(), dict[str, list[Traffic]]()
        for share in shares:
            _add_all(found.cells, share.cells)
            for slot, cells in share.recent.items():
                _add_all(found.recent.setdefault(slot, {}), cells)
            for name, known in share.values.items():
                found.values.setdefault(name, set()).update(known)
            for version, routes in share.watched.items():
                found.watched.setdefault(version, Counter()).update(routes)
            for name, part in share.parts.items():
                parts.setdefault(name, []).append(part)
        found.parts = {name: Traffic.joined(each) for name, each in parts.items()}
        return found

    def within(self, since: float, until: float, now: float) -> "Traffic":
        """Return the counts of the cases that came from ``since`` on, before ``until`` (UTC seconds): both at the ends of slots
        where ``since`` is in the newest RECENT_S seconds, else at the ends of days."""
        found = Traffic(values=self.values, parts={name: each.within(since, until, now) for name, each in self.parts.items()})
        if since < now - RECENT_S:
            found.cells = {cell: count for cell, count in self.cells.items() if since <= cell.day * DAY_S < until}
            return found
        for slot, cells in self.recent.items():
            for cell, count in cells.items() if since <= slot * SLOT_S < until else ():
                found.cells.setdefault(cell, TrafficCount()).add(count)
        return found

    def sum(self, action: Action | None, wanted: Callable[[Cell], bool]) -> TrafficCount:
        """Return the cells that are ``wanted``, of one action or of all."""
        total = TrafficCount()
        for cell, count in self.cells.items():
            if action in (None, cell.action) and wanted(cell):
                total.add(count)
        return total

    def sums(self) -> TrafficSums:
        """Return all cells added up by who decided."""
        found = TrafficSums({}, {})
        for cell, count in self.cells.items():
            found.counts.setdefault((cell.action, cell.is_override), TrafficCount()).add(count)
            if cell.action is Action.AUTOMATIC:
                day = (cell.day, cell.is_override)
                found.drawn[day] = found.drawn.get(day, 0) + count.drawn
        return found

    def apart(self, keys: Callable[[Cell], Iterable[K]]) -> "dict[K, Traffic]":
        """Return the cells by each of their ``keys``."""
        found: dict[K, Traffic] = {}
        for cell, count in self.cells.items():
            for key in keys(cell):
                found.setdefault(key, Traffic(values=self.values)).cells[cell] = count
        return found

    def days(self) -> list[int]:
        return sorted({cell.day for cell in self.cells})

    def segments(self) -> list[str]:
        return sorted({cell.segment for cell in self.cells})

    def groups(self) -> Iterator[tuple[str, str]]:
        """Yield every (field, value) that came."""
        for name in sorted(self.values):
            for value in sorted(self.values[name]):
                yield name, value

    def _add(self, slot: int, cell: Cell, doubt: float, drawn: int) -> None:
        _add_one(self.cells, cell, doubt, drawn)
        if slot > self.newest:
            self.forget_before(slot)
        elif slot < self.newest - SLOTS_KEPT:
            return
        recent = self.recent.get(slot)
        if recent is None:
            recent = self.recent[slot] = {}
        _add_one(recent, cell, doubt, drawn)

    def forget_before(self, newest: int) -> None:
        """Keep the slots up to ``newest`` that are still recent, of every part too."""
        self.newest = newest
        self.recent = {at: cells for at, cells in self.recent.items() if at >= newest - SLOTS_KEPT}
        for part in self.parts.values():
            part.forget_before(newest)

    def _watch(self, shadow: Mapping[str, str], action: str) -> None:
        self.watched.setdefault(shadow["policy"], Counter())[f"{action}{ARROW}{shadow['action']}"] += 1

    def _kept(self, name: str, value: str) -> str:
        known = self.values.setdefault(name, set())
        kept = value if value in known or len(known) < MOST_VALUES else OTHER
        known.add(kept)
        return kept


@lru_cache(maxsize=4096)
def _cell(day: int, segment: str, model: str | None, policy: str, action: str, groups: Groups) -> Cell:
    """The cases of a page are of a few cells."""
    return Cell(day, segment, model, policy, Action(action), groups)


def _add_one(found: dict[Cell, TrafficCount], cell: Cell, doubt: float, drawn: int) -> None:
    count = found.get(cell)
    if count is None:
        count = found[cell] = TrafficCount()
    count.cases += 1
    count.doubt += doubt
    count.drawn += drawn


def _add_all(found: dict[Cell, TrafficCount], more: Mapping[Cell, TrafficCount]) -> None:
    for cell, count in more.items():
        found.setdefault(cell, TrafficCount()).add(count)


def groups_of(declared: Iterable[str], *places: Mapping[str, object]) -> dict[str, str]:
    """Return the value of each declared group: the first of ``places`` that has it, as text.

    >>> groups_of(["site"], {"site": 7})
    {'site': '7'}
    """
    found = {}
    for name in declared:
        value = next((place[name] for place in places if name in place), None)
        found[name] = NO_VALUE if value is None else str(value)[:64]
    return found
