"""Closed approvals outside the memory of their shard, read on request."""

import asyncio
from typing import Any

from hitl.adapters.valkey.archived_reviews import TORN, KeptCases
from hitl.approval.archiving import beside, unpacked
from hitl.approval.state import Approval, ApprovalState
from hitl.errors import HitlError, NotInMemory, StoreUnavailable
from hitl.machine.archive import NothingListed


class ApprovalArchive(NothingListed):
    """The hitl.machine.archive.StateArchive of the approval shard: what is over never comes back."""

    def __init__(self, kept: KeptCases) -> None:
        self._kept, self.recalling = kept, asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> list[Approval] | None:
        wanted = refusal.ids if isinstance(refusal, NotInMemory) else [getattr(asked, "approval_id", None) or ""]
        kept = await self._kept.find([each for each in wanted if each]) if any(wanted) else []
        if TORN in kept:
            raise StoreUnavailable(f"what is kept of an approval does not open: one of {', '.join(wanted[:5])}")
        return await asyncio.to_thread(_approvals, kept) if kept else None

    def beside(self, state: ApprovalState, found: list[Approval]) -> ApprovalState:
        return beside(state, found)

    def recall(self, found: list[Approval]) -> Any:
        raise NotImplementedError("no command changes an approval that is over")


def _approvals(kept: list[bytes]) -> list[Approval]:
    return [approval for data in kept for approval in unpacked(data)]
