"""Read the records of all partitions from a given time, without reading the older ones."""

from collections.abc import AsyncIterator, Sequence

from hitl.intake import Intake, RoutedCase

PAGE = 1000


class IntakeReader:
    """Each record once, partition after partition; ``since`` is UTC seconds."""

    def __init__(self, intakes: Sequence[Intake], since: float) -> None:
        self._intakes, self._since = intakes, since
        self._read: list[int | None] = [None] * len(intakes)

    async def news(self) -> AsyncIterator[list[RoutedCase]]:
        """What is counted of the records that were appended since the last call, page by page. Raises StoreUnavailable; what was
        read before stays read."""
        for partition, intake in enumerate(self._intakes):
            after = self._read[partition]
            self._read[partition] = after = await before(intake, self._since) if after is None else after
            while page := await intake.routed(after, PAGE):
                self._read[partition] = after = page[-1].seq
                yield [row.case for row in page]


async def before(intake: Intake, since: float) -> int:
    """Return a position before the first case since then, and after (nearly) all others: by doubling, then halving."""
    low, high = 0, 1
    while await _is_older(intake, high, since):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if await _is_older(intake, middle, since) else (low, middle)
    return low


async def _is_older(intake: Intake, seq: int, since: float) -> bool:
    """Tell whether the case at ``seq`` is there and from before."""
    found = await intake.routed(seq - 1, 1)
    return bool(found) and found[0].case.at < since
