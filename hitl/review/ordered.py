"""A sorted collection that knows its first entry and counts those before a point: blocks, so that no change moves many.

With n entries in blocks of at most 1,024, a change costs O(log n) comparisons and moves at most one block.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator

MAX_BLOCK = 1_024

Entry = tuple[float, str]
"""A position or a time, and an id; the id tells apart what has the same one."""


class Ordered:
    """Distinct entries in ascending order."""

    def __init__(self) -> None:
        self._blocks: list[list[Entry]] = []

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def __iter__(self) -> Iterator[Entry]:
        for block in self._blocks:
            yield from block

    @property
    def first(self) -> Entry | None:
        return self._blocks[0][0] if self._blocks else None

    def add(self, entry: Entry) -> None:
        if not self._blocks:
            self._blocks.append([entry])
            return
        last = len(self._blocks) - 1
        at = last if entry > self._blocks[last][-1] else self._block_of(entry)  # most come in order
        block = self._blocks[at]
        insort(block, entry)
        if len(block) > MAX_BLOCK:
            half = len(block) // 2
            self._blocks[at : at + 1] = [block[:half], block[half:]]

    def remove(self, entry: Entry) -> None:
        """``entry`` must be in it."""
        at = self._block_of(entry)
        block = self._blocks[at]
        del block[bisect_left(block, entry)]
        if not block:
            del self._blocks[at]

    def count_while(self, is_before: Callable[[Entry], bool]) -> int:
        """Return how many entries at the start are ``is_before``, which holds up to some entry and for none after it."""
        at = bisect_left(self._blocks, True, key=lambda block: not is_before(block[-1]))
        whole = sum(len(block) for block in self._blocks[:at])
        rest = self._blocks[at] if at < len(self._blocks) else []
        return whole + bisect_left(rest, True, key=lambda entry: not is_before(entry))

    def _block_of(self, entry: Entry) -> int:
        return bisect_left(self._blocks, entry, key=lambda block: block[-1])
