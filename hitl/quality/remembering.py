"""Figures of books that were computed before: most days of a report have the same cases and answers as when it was last asked."""

from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

from hitl.quality.figures import Book
from hitl.quality.traffic import DAY_S

T = TypeVar("T")

MOST = 2_000
"""Books whose figures stay in memory, some kilobytes each: the newest 90 days of twenty tasks."""


class RememberedFigures(Generic[T]):
    """What ``compute`` made of the newest books, by all that it reads of them. Several threads may ask."""

    def __init__(self, compute: Callable[[Book], T], most: int = MOST) -> None:
        self._compute, self._most, self._lock = compute, most, Lock()
        self._known: dict[bytes, T] = {}

    def of(self, book: Book) -> T:
        """Return the figures of ``book``, computed where its like was not seen lately."""
        key = _digest(book)
        with self._lock:
            found = self._known.pop(key, None)
        if found is None:
            found = self._compute(book)
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return found


def _digest(book: Book) -> bytes:
    """Return the same for books whose figures are the same: figures know a kind of answers by its facts alone, and a
    moment by the days that are over."""
    answers, sums = book.answers, book.sums
    over = sorted(place for place in sums.drawn if (place[0] + 1) * DAY_S <= book.ripe_at)
    counts = sorted((*key, count.cases, count.doubt, count.drawn) for key, count in sums.counts.items())
    found = blake2b(repr((counts, sorted(sums.drawn.items()), over, book.people, book.costs)).encode(), digest_size=16)
    columns = (answers.opened_at, answers.at, answers.held_s, answers.confidence, answers.agreed, answers.votes, answers.seen)
    for column in (*columns, *(fact[answers.kind] for fact in answers.table)):
        found.update(column.tobytes())
    return found.digest()
