"""Verify the archive of an intake partition against what its review shard's journal says of it."""

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.valkey.border import Border
from hitl.errors import ChainBroken
from hitl.journal import Journal
from hitl.journal.verify import verified
from hitl.review.events import EVENTS
from hitl.review.storage_events import CasesArchived


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


async def _noted(shard: str, journal: Journal) -> list[CasesArchived]:
    """Return what stands of the record: a segment that a crash kept from counting was followed by another one from its place
    on."""
    standing: list[CasesArchived] = []
    async for entry in verified(shard, journal):
        for event in EVENTS.read(entry.body).events:
            if isinstance(event, CasesArchived):
                standing = [each for each in standing if each.last < event.first] + [event]
    return standing
