"""Closed approvals outside the memory of their shard, read on request."""

import asyncio
from typing import Any

from hitl.adapters.valkey.archived_reviews import TORN, ListedObjects
from hitl.approval.archiving import beside, unpacked
from hitl.approval.commands import AskApproval
from hitl.approval.listing import listing_of
from hitl.approval.state import Approval, ApprovalState
from hitl.errors import HitlError, NotInMemory, StoreUnavailable


class ApprovalArchive:
    """The hitl.machine.archive.StateArchive of the approval shard: what is over never comes back."""

    def __init__(self, kept: ListedObjects) -> None:
        self._kept, self.recalling = kept, asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> list[Approval] | None:
        wanted = refusal.ids if isinstance(refusal, NotInMemory) else [getattr(asked, "approval_id", None) or ""]
        return await self._find([each for each in wanted if each]) or None

    async def fetch_listed(self, state: ApprovalState, question: Any) -> list[Approval] | None:
        listing = listing_of(state, question)
        return None if listing is None else [*await self._find(await self._kept.choose(listing.wanted)), *listing.held]

    async def fetch_known(self, command: Any) -> list[Approval] | None:
        if not isinstance(command, AskApproval) or command.approval_id is None:
            return None
        return await self._find([command.approval_id]) or None

    def beside(self, state: ApprovalState, found: list[Approval]) -> ApprovalState:
        return beside(state, found)

    def merged(self, found: list[Approval], more: list[Approval]) -> list[Approval]:
        return [*found, *more]

    def recall(self, found: list[Approval]) -> Any:
        raise NotImplementedError("no command changes an approval that is over")

    async def _find(self, approval_ids: list[str]) -> list[Approval]:
        kept = await self._kept.find(approval_ids) if approval_ids else []
        if TORN in kept:
            raise StoreUnavailable(f"what is kept of an approval does not open: one of {', '.join(approval_ids[:5])}")
        return await asyncio.to_thread(_approvals, kept) if kept else []


def _approvals(kept: list[bytes]) -> list[Approval]:
    return [approval for data in kept for approval in unpacked(data)]
