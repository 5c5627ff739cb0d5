"""A task's published figures: overall, by segment, by declared group and by day, each against its target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hitl.quality.answers import SettledReview
from hitl.quality.figures import Book, figures
from hitl.quality.interval import Interval, PublishedFigure
from hitl.quality.part_figures import part_figures
from hitl.quality.targets import Direction, Target, Verdict, judge
from hitl.quality.traffic import DAY_S, Cell

MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Grouped:
    """An answer with the values of the declared groups of its case."""

    answer: SettledReview
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TargetVerdict(PublishedFigure):
    """A figure beside its ``target``, both in ``unit``. ``direction`` is at_least or at_most; ``verdict`` is met, missed or not
    enough evidence; ``quoted`` is what the documents report of their own system, and no target."""

    name: str
    direction: Direction
    target: float
    unit: str
    meaning: str
    quoted: float | None
    verdict: Verdict


FiguresByName: TypeAlias = dict[str, PublishedFigure]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """``figures`` of the whole task by name, and of each of the ``parts`` of its answers; those of the whole answer also by
    segment, by declared group and its value, and by UTC day: each of ``days`` holds its first second as ``day`` beside its
    figures."""

    figures: FiguresByName
    parts: dict[str, FiguresByName]
    targets: list[TargetVerdict]
    segments: dict[str, FiguresByName]
    groups: dict[str, dict[str, FiguresByName]]
    days: list[dict[str, float | PublishedFigure]]


def quality_report(
    book: Book, grouped: Sequence[Grouped], targets: Mapping[str, Target], parts: Sequence[str] = ()
) -> QualityReport:
    """Return the report of a task. ``book`` holds all answers of the task, ``grouped`` the same ones with their groups; ``parts``
    are those of its answers, where an answer has several."""
    traffic = book.traffic
    segments = sorted({*traffic.segments(), *(each.segment for each in book.answers)})
    found = figures(book)
    return QualityReport(
        figures=published(found),
        parts={name: published(part_figures(book, name)) for name in parts},
        targets=judged(found, targets),
        segments={name: published(figures(_of_segment(book, name))) for name in segments},
        groups=_by_group(book, grouped),
        days=[{"day": day * DAY_S, **published(figures(_of_day(book, day)))} for day in traffic.days()[-MOST_DAYS:]],
    )


def judged(found: Mapping[str, Interval], targets: Mapping[str, Target]) -> list[TargetVerdict]:
    """Return each target with its figure and its verdict; a figure that nothing measures here has not enough evidence."""
    nothing = Interval(None, 0.0, float("inf"), 0, 0.95, "not measured here")
    return [_judged(target, found.get(name, nothing)) for name, target in targets.items()]


def published(found: Mapping[str, Interval]) -> FiguresByName:
    """Return the figures as they are published, by the same names."""
    return {name: PublishedFigure(**figure.plain()) for name, figure in found.items()}


def _judged(target: Target, figure: Interval) -> TargetVerdict:
    return TargetVerdict(
        name=target.name,
        direction=target.direction,
        target=target.value,
        unit=target.unit,
        meaning=target.meaning,
        quoted=target.quoted,
        verdict=judge(target, figure),
        **figure.plain(),
    )


def _part(book: Book, wanted: Callable[[Cell], bool], answers: Iterable[SettledReview]) -> Book:
    return replace(book, part=wanted, answers=list(answers))


def _of_segment(book: Book, segment: str) -> Book:
    return _part(book, lambda cell: cell.segment == segment, (each for each in book.answers if each.segment == segment))


def _of_day(book: Book, day: int) -> Book:
    """By the day on which a case was opened for people, or came."""
    return _part(book, lambda cell: cell.day == day, (each for each in book.answers if each.opened_at // DAY_S == day))


def _by_group(book: Book, grouped: Sequence[Grouped]) -> dict[str, dict[str, FiguresByName]]:
    found: dict[str, dict[str, FiguresByName]] = {}
    for pair in book.traffic.groups():
        part = _part(book, _has(pair), (each.answer for each in grouped if pair in each.groups))
        found.setdefault(pair[0], {})[pair[1]] = published(figures(part))
    return found


def _has(pair: tuple[str, str]) -> Callable[[Cell], bool]:
    return lambda cell: pair in cell.groups
