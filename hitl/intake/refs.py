"""Verify that every case for people is in the stream that their queues read."""

from typing import Protocol

from hitl.errors import ChainBroken
from hitl.intake.chains import PAGE, Link
from hitl.intake.record import CaseRecord


class Referenced(Protocol):
    async def links(self, after_seq: int, limit: int) -> list[Link]: ...

    async def references(self, after_seq: int, limit: int) -> list[tuple[int, str]]:
        """Return up to ``limit`` positions after ``after_seq`` in the stream for people, with their case ids, in order."""


async def verify_references(partition: str, intake: Referenced, after: int = 0) -> int:
    """Check that the stream names exactly the cases for people behind ``after``, each by its id, and return their number.

    Raises ChainBroken at the first position where it does not."""
    count = 0
    while page := await intake.links(after, PAGE):
        records = {link.seq: CaseRecord.decode(link.body) for link in page}
        wanted = {seq: record.case_id for seq, record in records.items() if record.is_for_people}
        found = dict(await _between(intake, page[0].seq, page[-1].seq))
        if wanted != found:
            raise ChainBroken(partition, min(seq for seq in {*wanted, *found} if wanted.get(seq) != found.get(seq)))
        count, after = count + len(wanted), page[-1].seq
    return count


async def _between(intake: Referenced, first: int, last: int) -> list[tuple[int, str]]:
    found = await intake.references(first - 1, last - first + 1)
    return [(seq, case_id) for seq, case_id in found if seq <= last]
