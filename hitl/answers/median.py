"""Several people's numbers as one: their median, and how many of them lie near it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MedianAnswer:
    """``of`` are the labels of all answers, in order; ``label`` is that of the median, and ``near`` of them lie within the task's
    tolerance of it. ``near_last`` are the labels of the earlier ones that lie within it of the last answer."""

    of: tuple[str, ...]
    label: str
    near: int
    near_last: tuple[str, ...] = ()


def median_answer(answers: Sequence[tuple[str, float | None]], is_near: Callable[[float, float], bool]) -> MedianAnswer | None:
    """Return the median of ``answers``, each a label with the number that it stands for: None where it stands for none, and for
    the result where no answer has a number. Of an even count of numbers it is the lower of the two in the middle, so that the
    median is always a number that somebody gave. ``is_near`` takes a number and the median.

    >>> median_answer([("a", 12.0), ("b", 10.0), ("c", 10.5)], lambda number, middle: abs(number - middle) <= 1)
    MedianAnswer(of=('a', 'b', 'c'), label='c', near=2, near_last=('b',))
    """
    numbers = sorted((number, label) for label, number in answers if number is not None)
    if not numbers:
        return None
    middle, label = numbers[(len(numbers) - 1) // 2]
    near = sum(is_near(number, middle) for number, _ in numbers)
    return MedianAnswer(tuple(label for label, _ in answers), label, near, _near_last(answers, is_near))


def _near_last(answers: Sequence[tuple[str, float | None]], is_near: Callable[[float, float], bool]) -> tuple[str, ...]:
    """Return the labels near the last one by either's tolerance: neither person's number is the true one."""
    (*before, (_, last)) = answers
    if last is None:
        return ()
    found = (label for label, number in before if number is not None and (is_near(number, last) or is_near(last, number)))
    return tuple(dict.fromkeys(found))


def median_point(labels: Sequence[str], within: int) -> MedianAnswer | None:
    """Return the median of points of a scale, which are their own labels; near are those at most ``within`` points away."""
    points = [(label, float(label) if label.isdecimal() else None) for label in labels]
    return median_answer(points, lambda point, middle: abs(point - middle) <= within)
