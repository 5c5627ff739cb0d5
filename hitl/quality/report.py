"""A task's published figures: overall, by segment, by declared group and by day, each against its target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hitl.quality.answers import Answer
from hitl.quality.figures import Book, figures
from hitl.quality.interval import Interval
from hitl.quality.targets import Target, judge
from hitl.quality.traffic import DAY_S, Cell

MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Grouped:
    """An answer with the values of the declared groups of its case."""

    answer: Answer
    groups: tuple[tuple[str, str], ...]


def quality_report(book: Book, grouped: Sequence[Grouped], targets: Mapping[str, Target]) -> dict[str, Any]:
    """Everything as JSON. ``book`` holds all answers of the task, ``grouped`` the same ones with their groups."""
    traffic = book.traffic
    segments = sorted({*traffic.segments(), *(each.segment for each in book.answers)})
    found = figures(book)
    return {
        "figures": plain(found),
        "targets": judged(found, targets),
        "segments": {name: plain(figures(_of_segment(book, name))) for name in segments},
        "groups": _by_group(book, grouped),
        "days": [{"day": day * DAY_S, **plain(figures(_of_day(book, day)))} for day in traffic.days()[-MOST_DAYS:]],
    }


def judged(found: Mapping[str, Interval], targets: Mapping[str, Target]) -> list[dict[str, Any]]:
    """Each target with its figure and its verdict; a figure that nothing measures here has not enough evidence."""
    nothing = Interval(None, 0.0, float("inf"), 0, 0.95, "not measured here")
    return [_judged(target, found.get(name, nothing)) for name, target in targets.items()]


def plain(found: Mapping[str, Interval]) -> dict[str, Any]:
    """As JSON: an interval without an end has None there."""
    return {name: _finite(figure) for name, figure in found.items()}


def _judged(target: Target, figure: Interval) -> dict[str, Any]:
    return {
        "name": target.name,
        "direction": target.direction.value,
        "target": target.value,
        "unit": target.unit,
        "meaning": target.meaning,
        "quoted": target.quoted,
        **_finite(figure),
        "verdict": judge(target, figure).value,
    }


def _finite(figure: Interval) -> dict[str, Any]:
    return {**figure.plain(), "high": None if figure.high == float("inf") else figure.high}


def _part(book: Book, wanted: Callable[[Cell], bool], answers: Iterable[Answer]) -> Book:
    return replace(book, part=wanted, answers=list(answers))


def _of_segment(book: Book, segment: str) -> Book:
    return _part(book, lambda cell: cell.segment == segment, (each for each in book.answers if each.segment == segment))


def _of_day(book: Book, day: int) -> Book:
    """By the day on which a case was opened for people, or came."""
    return _part(book, lambda cell: cell.day == day, (each for each in book.answers if each.opened_at // DAY_S == day))


def _by_group(book: Book, grouped: Sequence[Grouped]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for pair in book.traffic.groups():
        part = _part(book, _has(pair), (each.answer for each in grouped if pair in each.groups))
        found.setdefault(pair[0], {})[pair[1]] = plain(figures(part))
    return found


def _has(pair: tuple[str, str]) -> Callable[[Cell], bool]:
    return lambda cell: pair in cell.groups
