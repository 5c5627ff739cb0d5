"""Who is next: first in, first out inside a priority, in O(log n) for any number of waiting reviews.

A heap for each queue and priority, ordered by intake position, so that a review that comes back finds its own place.
What leaves from the middle stays in the heap as a dead entry until it reaches the top; the top is always alive.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from hitl.routing.route import Priority

EXPERT_SUFFIX = ".expert"
RANK = {priority: rank for rank, priority in enumerate(Priority)}
"""0 is the most pressing."""

Place = tuple[str, Priority]
_Entry = tuple[int, str]


def expert_queue(task: str) -> str:
    """The queue of the task's experts; the task's name is that of its ordinary queue."""
    return f"{task}{EXPERT_SUFFIX}"


def task_of(queue: str) -> str:
    """The task that a queue belongs to (task names have no dot)."""
    return queue.removesuffix(EXPERT_SUFFIX)


class Queues:
    """Waiting review ids by queue and priority."""

    def __init__(self) -> None:
        self._heaps: dict[Place, list[_Entry]] = {}
        self._places: dict[str, Place] = {}
        self._waiting: dict[Place, int] = {}

    def move(self, review_id: str, position: int, to: Place | None) -> None:
        """Let the review wait at ``to``, or nowhere."""
        before = self._places.get(review_id)
        if before == to:
            return
        if before is not None:
            del self._places[review_id]
            self._waiting[before] -= 1
            self._clear_top(before)
        if to is not None:
            self._places[review_id] = to
            self._waiting[to] = self._waiting.get(to, 0) + 1
            heappush(self._heaps.setdefault(to, []), (position, review_id))

    def head(self, queue: str) -> str | None:
        """The review that is next in ``queue``."""
        return next((top for priority in Priority if (top := self.first(queue, priority))), None)

    def first(self, queue: str, priority: Priority) -> str | None:
        heap = self._heaps.get((queue, priority))
        return heap[0][1] if heap else None

    def waiting(self, queue: str, priority: Priority) -> int:
        return self._waiting.get((queue, priority), 0)

    def names(self) -> set[str]:
        """The queues in which something has waited."""
        return {queue for queue, _ in self._heaps}

    def in_order(self) -> Iterator[tuple[Place, list[str]]]:
        """What waits where, first one first; O(n log n)."""
        for place, heap in self._heaps.items():
            alive = [review_id for _, review_id in sorted(set(heap)) if self._places.get(review_id) == place]
            if alive:
                yield place, alive

    def _clear_top(self, place: Place) -> None:
        heap = self._heaps[place]
        while heap and self._places.get(heap[0][1]) != place:
            heappop(heap)
