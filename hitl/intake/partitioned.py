"""The parts of a store in the order of their partitions, with what tells which one holds a case."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from hitl.partitioning import Partitioning

T = TypeVar("T")


class Partitioned(list[T]):
    """``parts[p]`` is what belongs to partition p of a store with ``partitioning``."""

    def __init__(self, parts: Iterable[T], partitioning: Partitioning) -> None:
        super().__init__(parts)
        if len(self) != partitioning.partitions:
            raise ValueError(f"{partitioning.partitions} parts, not {len(self)}")
        self.partitioning = partitioning


def partitioning_of(parts: Sequence[object]) -> Partitioning:
    """Return that of ``parts``; a plain list is that of a store which was made with so many."""
    return parts.partitioning if isinstance(parts, Partitioned) else Partitioning((len(parts),))


def part_of(parts: Sequence[T], case_id: str) -> T:
    """Return the part that holds the case."""
    return parts[partitioning_of(parts).partition_of(case_id)]
