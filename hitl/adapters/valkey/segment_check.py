"""Verify the archive of an intake partition against what its review shard's journal says of it."""

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey.border import Border
from hitl.errors import ChainBroken
from hitl.intake.deletions import Deletion
from hitl.intake.segments import range_of
from hitl.journal import Journal
from hitl.journal.verify import verified
from hitl.review.events import EVENTS
from hitl.review.storage_events import CasesArchived, CasesDeleted


async def check_segments(shard: str, journal: Journal, border: Border, archive: CaseArchive) -> int:
    """Check that every segment that counts is on the record with its digest, that none on the record is missing, and that each
    names the one before it; return their number. Raises ChainBroken where it is not so, StoreUnavailable."""
    archived_to, counted = await border.archived_to(), await border.segments()
    noted = {event.segment: event for event in await _noted(shard, journal)}
    for event in noted.values():
        if event.last <= archived_to and counted.get(event.segment) != event.digest:
            raise ChainBroken(archive.name, event.first)
    previous, number = "", 0
    for name, digest in counted.items():
        segment = await archive.segment(name, digest)
        if segment.last > archived_to:  # counted since
            break
        if name not in noted or noted[name].digest != digest or segment.previous != previous:
            raise ChainBroken(archive.name, segment.first)
        previous, number = digest, number + 1
    return number


async def check_deletions(shard: str, journal: Journal, border: Border, archive: CaseArchive) -> list[Deletion]:
    """Check that every deletion is on the record, and is of a file that its segment lists; return them all. Raises ChainBroken
    where it is not so, StoreUnavailable."""
    counted, recorded = await border.segments(), await _deleted(shard, journal)
    found: list[Deletion] = []
    for place, digest in (await border.all_deletions()).items():
        deletion = await archive.deletion(digest)
        first, _ = range_of(deletion.segment)
        if digest not in recorded or deletion.segment not in counted or deletion.file != place:
            raise ChainBroken(archive.name, first)
        segment = await archive.segment(deletion.segment, counted[deletion.segment])
        file = next((each for each in segment.files if each.place == place), None)
        if file is None or file.cases != deletion.cases + (deletion.kept.cases if deletion.kept else 0):
            raise ChainBroken(archive.name, first)
        found.append(deletion)
    return found


async def _deleted(shard: str, journal: Journal) -> set[str]:
    """Return the digests of all deletions on the record."""
    found: set[str] = set()
    async for entry in verified(shard, journal):
        found |= {event.deletion for event in EVENTS.read(entry.body).events if isinstance(event, CasesDeleted)}
    return found


async def _noted(shard: str, journal: Journal) -> list[CasesArchived]:
    """Return what stands of the record: a segment that a crash kept from counting was followed by another one from its place
    on."""
    standing: list[CasesArchived] = []
    async for entry in verified(shard, journal):
        for event in EVENTS.read(entry.body).events:
            if isinstance(event, CasesArchived):
                standing = [each for each in standing if each.last < event.first] + [event]
    return standing
