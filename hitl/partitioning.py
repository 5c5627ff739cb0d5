"""How a case finds its partition, also after partitions were added.

A case stays where it was stored, and its id tells where that is: by its hash over the number of partitions that the store was
made with, or, where the case would have gone elsewhere then, in the id itself (hitl.ids). A key that goes elsewhere since
partitions were added has ids that it could have got before: its case may stand under one of them.
"""

from dataclasses import dataclass

from hitl.ids import CaseId, number_of, partition_of, place_in, placed_case_id, unpacked_case_id

MAX_PARTITIONS = 64
"""What an id has room to say."""

Place = tuple[int, CaseId]
"""A partition, and the id that a case has there."""


@dataclass(frozen=True, slots=True)
class CaseNames:
    """The id and the partition of a key's new case. ``earlier`` are the places where its case stands if it was stored before
    partitions were added: other ids, the newest first."""

    case_id: CaseId
    partition: int
    earlier: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """All places where its case may stand."""
        return (self.partition, self.case_id), *self.earlier


@dataclass(frozen=True, slots=True)
class Partitioning:
    """``counts`` are the numbers of partitions that a store has had, from the one that it was made with to the present one:
    each is larger than the one before."""

    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        ascending = all(before < after for before, after in zip(self.counts, self.counts[1:], strict=False))
        if not self.counts or not ascending or self.counts[0] < 1 or self.counts[-1] > MAX_PARTITIONS:
            raise ValueError(f"numbers of partitions that grow, from 1 to {MAX_PARTITIONS}, not {self.counts}")

    @property
    def partitions(self) -> int:
        """The number of partitions now."""
        return self.counts[-1]

    @property
    def number(self) -> int:
        """How often partitions were added: what a partition compares with what its writer knows."""
        return len(self.counts) - 1

    def grown(self, partitions: int) -> "Partitioning":
        """Return the partitioning with as many partitions, at least as many as there are."""
        return self if partitions == self.partitions else Partitioning((*self.counts, partitions))

    def partition_of(self, case_id: str) -> int:
        """Return the partition of a case: stable for ever. What says a partition that is not there yet, nobody has stored."""
        place = place_in(case_id)
        if place is not None and place < self.partitions:
            return place
        return partition_of(case_id, self.counts[0]) if self.counts[0] > 1 else 0

    def names_of(self, digest: bytes) -> CaseNames:
        """Return where the case of a key goes, by its hitl.ids.case_digest.

        >>> once, twice = Partitioning((1,)), Partitioning((1, 2))
        >>> once.names_of(bytes(16))
        CaseNames(case_id='aaaaaaaaaaaaaaaaaaaaaaaaaa', partition=0, earlier=())
        >>> twice.names_of(bytes(16))
        CaseNames(case_id='aaaaaaaaaaaaaaaaaaaaaaaaaf', partition=1, earlier=((0, 'aaaaaaaaaaaaaaaaaaaaaaaaaa'),))
        """
        plain = unpacked_case_id(digest)
        if len(self.counts) == 1:
            return CaseNames(plain, self.partition_of(plain))
        number = number_of(plain)
        first, going = number % self.counts[0], (number % count for count in reversed(self.counts))
        places = dict.fromkeys((to, plain if to == first else placed_case_id(digest, to)) for to in going)
        (partition, case_id), *earlier = places
        return CaseNames(case_id, partition, tuple(earlier))
