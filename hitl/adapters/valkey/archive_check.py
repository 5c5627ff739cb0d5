"""Verify archived cases, approvals and workflows against the digests in the journal."""

from collections.abc import Collection, Mapping

from hitl.adapters.valkey.archived_reviews import KeptCases
from hitl.approval.events import EVENTS as APPROVAL_EVENTS
from hitl.approval.events import ApprovalArchived
from hitl.canonical import digest_of
from hitl.errors import ChainBroken
from hitl.journal import Journal
from hitl.journal.verify import verified
from hitl.machine.shards import APPROVAL, WORKFLOW
from hitl.review.events import EVENTS
from hitl.review.row_lists import chunk_name
from hitl.review.storage_events import ReviewArchived, ReviewRecalled, ReviewRowsArchived
from hitl.workflow.events import EVENTS as WORKFLOW_EVENTS
from hitl.workflow.storage_events import WorkflowObjectArchived, WorkflowObjectRecalled

PAGE = 500
"""Cases a read."""


async def check_kept(shard: str, journal: Journal, cases: KeptCases, deleted: Collection[str] = ()) -> int:
    """Compare each archived case, or approval, with the digest in its entry, but for those that were ``deleted``; return their
    number. Raises ChainBroken at the entry by which one left that is not there, or is another, or for a file that was changed;
    StoreUnavailable."""
    wanted = _without(await _archived(shard, journal), deleted)
    while wrong := await _wrong(cases, wanted):
        wanted = _without(
            await _archived(shard, journal), deleted
        )  # one that came back meanwhile, and left anew, is another by right
        changed = [place[0] for case_id, place in wrong.items() if wanted.get(case_id) == place]
        if changed:
            raise ChainBroken(shard, min(changed))
    return len(wanted)


def _without(archived: Mapping[str, tuple[int, str]], deleted: Collection[str]) -> dict[str, tuple[int, str]]:
    return {case_id: place for case_id, place in archived.items() if case_id not in deleted}


async def _wrong(cases: KeptCases, wanted: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Those of ``wanted`` that are not there, or are others."""
    ids, wrong = await cases.in_reading_order(wanted), dict[str, tuple[int, str]]()
    for page in (ids[first : first + PAGE] for first in range(0, len(ids), PAGE)):
        found = {digest_of(data) for data in await cases.find(page)}
        wrong |= {case_id: wanted[case_id] for case_id in page if wanted[case_id][1] not in found}
    return wrong


async def _archived(shard: str, journal: Journal) -> Mapping[str, tuple[int, str]]:
    """Return the cases, or approvals, that are not in memory: the seq of the entry by which each left, and its digest."""
    readers = {APPROVAL: _approvals, WORKFLOW: _workflows}
    return await readers.get(shard, _cases)(shard, journal)


async def _approvals(shard: str, journal: Journal) -> Mapping[str, tuple[int, str]]:
    return {
        event.approval_id: (entry.seq, event.kept)
        async for entry in verified(shard, journal)
        for event in APPROVAL_EVENTS.read(entry.body).events
        if isinstance(event, ApprovalArchived)
    }


async def _workflows(shard: str, journal: Journal) -> Mapping[str, tuple[int, str]]:
    left: dict[str, tuple[int, str]] = {}
    async for entry in verified(shard, journal):
        for event in WORKFLOW_EVENTS.read(entry.body).events:
            match event:
                case WorkflowObjectArchived():
                    left[event.object_id] = (entry.seq, event.kept)
                case WorkflowObjectRecalled():
                    left.pop(event.object_id, None)
    return left


async def _cases(shard: str, journal: Journal) -> Mapping[str, tuple[int, str]]:
    left: dict[str, tuple[int, str]] = {}
    async for entry in verified(shard, journal):
        for event in EVENTS.read(entry.body).events:
            match event:
                case ReviewArchived():
                    left[event.case_id] = (entry.seq, event.digest)
                case ReviewRecalled():
                    left.pop(event.case_id, None)
                case ReviewRowsArchived():
                    left[chunk_name(event.list, event.task, event.first)] = (entry.seq, event.digest)
    return left
