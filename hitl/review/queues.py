"""Who is next: the earliest turn inside a priority, among the reviews that a person may take (hitl.review.ordering).

What may be taken by the same people waits in the same lane. A claim looks at the first of each lane, so it costs
O(lanes · log n) for any number n of waiting reviews; lanes are few: one for each assignment and each set of people who have
answered or skipped.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from hitl.review.ordered import Ordered
from hitl.routing.route import Priority

EXPERT_SUFFIX = ".expert"
RANK = {priority: rank for rank, priority in enumerate(Priority)}
"""0 is the most pressing."""


@dataclass(frozen=True, slots=True)
class Lane:
    """``assigned`` is ``person:<id>``, ``role:<role>``, ``skill:<skill>`` or None for anybody; nobody answers twice, and who
    skipped waits until no other can. ``preferred`` is whose answer would tell most: it comes first for them in its priority."""

    assigned: str | None = None
    answered: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    preferred: str | None = None


ANYBODY = Lane()
"""The lane of what nobody has touched."""


@dataclass(frozen=True, slots=True)
class Claimer:
    """``keys`` are what the person stands for beside themself (``role:expert``, ``skill:hearts``); ``others`` the people who
    were lately at the queue, and could take what this one skipped."""

    reviewer: str
    keys: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def may_take(self, lane: Lane) -> bool:
        if not self.is_meant(lane) or self.reviewer in lane.answered:
            return False
        return self.reviewer not in lane.skipped or not self.others - lane.answered - lane.skipped - {self.reviewer}

    def rank(self, priority: Priority, lane: Lane) -> int:
        """The lower the sooner."""
        return 2 * RANK[priority] + (lane.preferred != self.reviewer)

    def is_meant(self, lane: Lane) -> bool:
        return lane.assigned is None or lane.assigned == f"person:{self.reviewer}" or lane.assigned in self.keys


Place = tuple[str, Priority, Lane]
Waiting = tuple[float, int, str]
"""Of what waits: its turn, its place in the intake and its id."""


def expert_queue(task: str) -> str:
    """Return the queue of the task's experts; the task's name is that of its ordinary queue."""
    return f"{task}{EXPERT_SUFFIX}"


def task_of(queue: str) -> str:
    """The task that a queue belongs to (task names have no dot)."""
    return queue.removesuffix(EXPERT_SUFFIX)


class Queues:
    """Waiting review ids by queue, priority and lane. The turn of a review is its position in the intake, or a time, which is
    greater than any position."""

    def __init__(self) -> None:
        self._lanes: dict[str, dict[tuple[Priority, Lane], Ordered]] = {}
        self._places: dict[str, tuple[Place, float, int]] = {}
        self._waiting: dict[tuple[str, Priority], int] = {}
        self._by_age: dict[tuple[str, Priority], Ordered] = {}  # of those whose turn is not their position

    def move(self, review_id: str, position: int, to: Place | None, turn: float | None = None) -> None:
        """Let the review wait at ``to`` for its ``turn`` (None: its position), or nowhere."""
        before = self._places.get(review_id)
        after = None if to is None else (to, position if turn is None else turn, position)
        if before == after:
            return
        if before is not None:
            self._leave(review_id, *before)
        if after is not None:
            self._enter(review_id, *after)

    def heads(self, queue: str, claimer: Claimer, limit: int) -> list[str]:
        """Return the reviews that are next for ``claimer``."""
        lanes = self._lanes.get(queue, {}).items()
        mine = [(claimer.rank(priority, lane), ordered) for (priority, lane), ordered in lanes if claimer.may_take(lane)]
        rows = merge(*(_ranked(rank, ordered) for rank, ordered in mine))
        return [review_id for _, _, review_id in islice(rows, limit)]

    def oldest(self, queue: str, priority: Priority) -> str | None:
        """Return what has waited longest, whoever may take it."""
        firsts = [ordered.first for (level, _), ordered in self._lanes.get(queue, {}).items() if level is priority]
        by_age = self._by_age.get((queue, priority))
        plain = [first for first in firsts if first is not None and first[0] == self._places[first[1]][2]]
        entry = min([*plain, *([by_age.first] if by_age is not None and by_age.first is not None else [])], default=None)
        return entry[1] if entry else None

    def waiting_in(self, queue: str) -> list[str]:
        """Return all that waits in ``queue``; O(n)."""
        return [review_id for ordered in self._lanes.get(queue, {}).values() for _, review_id in ordered]

    def lanes(self, queue: str) -> Collection[tuple[Priority, Lane]]:
        """Return where in ``queue`` anything waits."""
        return self._lanes.get(queue, {}).keys()

    def before(self, queue: str, priority: Priority, turn_at: float, turn_of: Callable[[str], float]) -> int:
        """Return how many in ``queue`` are more pressing, or as pressing with a turn before ``turn_at`` (UTC seconds).
        ``turn_of`` tells when that of a review is; a review that was reopened may be miscounted, since it goes by its place in
        the intake."""
        pressing = sum(self.waiting(queue, level) for level in Priority if RANK[level] < RANK[priority])
        rows = self._lanes.get(queue, {}).items()
        same = (ordered for (level, _), ordered in rows if level is priority)
        return pressing + sum(ordered.count_while(lambda entry: turn_of(entry[1]) < turn_at) for ordered in same)

    def waiting(self, queue: str, priority: Priority) -> int:
        return self._waiting.get((queue, priority), 0)

    def names(self) -> set[str]:
        """Return the queues in which something has waited."""
        return set(self._lanes)

    def in_order(self) -> Iterator[tuple[tuple[str, Priority], list[str]]]:
        """Yield what waits where, first one first; O(n log n)."""
        for queue, lanes in self._lanes.items():
            for level in Priority:
                alive = sorted(entry for (priority, _), ordered in lanes.items() if priority is level for entry in ordered)
                if alive:
                    yield (queue, level), [review_id for _, review_id in alive]

    def to_parts(self) -> dict[str, dict[tuple[Priority, Lane], list[Waiting]]]:
        """Return what waits, by queue and lane: all that a queue is made of."""
        return {
            queue: {at: [(turn, self._places[each][2], each) for turn, each in ordered] for at, ordered in lanes.items()}
            for queue, lanes in self._lanes.items()
        }

    @staticmethod
    def from_parts(parts: dict[str, dict[tuple[Priority, Lane], list[Waiting]]]) -> "Queues":
        """Return the queues that ``parts`` were made of."""
        queues = Queues()
        for queue, lanes in parts.items():
            queues._lanes[queue] = {}
            for (priority, lane), entries in lanes.items():
                for turn, position, review_id in entries:
                    queues._enter(review_id, (queue, priority, lane), turn, position)
        return queues

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Queues) and self.to_parts() == other.to_parts()

    def _enter(self, review_id: str, place: Place, turn: float, position: int) -> None:
        queue, priority, lane = place
        self._places[review_id] = place, turn, position
        self._waiting[queue, priority] = self.waiting(queue, priority) + 1
        lanes = self._lanes.setdefault(queue, {})
        ordered = lanes.get((priority, lane))
        if ordered is None:
            ordered = lanes[priority, lane] = Ordered()
        ordered.add((turn, review_id))
        if turn != position:
            self._by_age.setdefault((queue, priority), Ordered()).add((position, review_id))

    def _leave(self, review_id: str, place: Place, turn: float, position: int) -> None:
        queue, priority, lane = place
        del self._places[review_id]
        self._waiting[queue, priority] -= 1
        ordered = self._lanes[queue][priority, lane]
        ordered.remove((turn, review_id))
        if not ordered:
            del self._lanes[queue][priority, lane]
        if turn != position:
            self._by_age[queue, priority].remove((position, review_id))


def _ranked(rank: int, ordered: Ordered) -> Iterator[tuple[int, float, str]]:
    return ((rank, turn, review_id) for turn, review_id in ordered)
