"""A task's published figures: overall, by segment, by declared group and by day, each against its target."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hitl.quality.figures import Book, figures
from hitl.quality.interval import Interval, PublishedFigure
from hitl.quality.part_figures import part_figures
from hitl.quality.targets import Direction, Target, Verdict, judge
from hitl.quality.traffic import DAY_S, Traffic

MOST_DAYS = 90


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
OfDay: TypeAlias = Callable[[Book], FiguresByName]


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
    book: Book, targets: Mapping[str, Target], parts: Sequence[str] = (), of_day: OfDay | None = None
) -> QualityReport:
    """Return the report of a task. ``book`` holds all answers of the task; ``parts`` are those of its answers, where an answer
    has several. ``of_day`` gives the figures of a day's book, for a caller that remembers those without changes."""
    found = figures(book)
    return QualityReport(
        figures=published(found),
        parts={name: published(part_figures(book, name)) for name in parts},
        targets=judged(found, targets),
        segments={name: published(found if each is book else figures(each)) for name, each in _by_segment(book).items()},
        groups=_by_group(book),
        days=[{"day": day * DAY_S, **(of_day or figures_of_day)(each)} for day, each in _by_day(book).items()],
    )


def figures_of_day(book: Book) -> FiguresByName:
    """Return the figures of one day as they are published."""
    return published(figures(book))


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


def _by_segment(book: Book) -> dict[str, Book]:
    traffic, answers = book.traffic.apart(lambda cell: (cell.segment,)), book.answers
    names = sorted({*traffic, *answers.segments})
    if len(names) == 1:
        return {names[0]: book}

    def of(name: str) -> Book:
        ours = answers.where(answers.of_kind(lambda kind: kind.segment == name))
        return replace(book, traffic=traffic.get(name, Traffic()), answers=ours)

    return {name: of(name) for name in names}


def _by_day(book: Book) -> dict[int, Book]:
    """By the day on which a case was opened for people, or came."""
    traffic = book.traffic.apart(lambda cell: (cell.day,))
    days = sorted(traffic)[-MOST_DAYS:]
    answers = book.answers.by_day(days)
    return {day: replace(book, traffic=traffic[day], answers=answers[day]) for day in days}


def _by_group(book: Book) -> dict[str, dict[str, FiguresByName]]:
    found: dict[str, dict[str, FiguresByName]] = {}
    traffic = book.traffic.apart(lambda cell: cell.groups)
    for pair in book.traffic.groups():
        part = replace(book, traffic=traffic.get(pair, Traffic()), answers=book.answers.where(book.answers.in_group(pair)))
        found.setdefault(pair[0], {})[pair[1]] = published(figures(part))
    return found
