"""Closed interactions, cases and workflows outside the memory of their shard, read on request."""

import asyncio
from typing import Any

from hitl.adapters.valkey.archived_reviews import TORN, ListedObjects
from hitl.errors import HitlError, NotInMemory, StoreUnavailable
from hitl.workflow.archiving import beside, interaction_row, row_shown, unpacked, workflow_row
from hitl.workflow.commands import AnswerInteraction, OpenInteraction, RecallWorkflowObjects
from hitl.workflow.evolve_parts import part_id
from hitl.workflow.listing import listing_of
from hitl.workflow.state import Archivable, WorkflowState


class WorkflowArchive:
    """The hitl.machine.archive.StateArchive of the workflow shard."""

    def __init__(self, kept: ListedObjects) -> None:
        self._kept, self.recalling = kept, asyncio.Lock()

    async def fetch(self, asked: Any, refusal: HitlError) -> list[Archivable] | None:
        wanted = list(refusal.ids) if isinstance(refusal, NotInMemory) else _rows_of(asked)
        return await self._find(wanted) or None

    async def fetch_listed(self, state: WorkflowState, question: Any) -> list[Archivable] | None:
        listing = listing_of(state, question)
        if listing is None:
            return None
        return [*await self._find(await self._kept.choose(listing.wanted)), *listing.held]

    async def fetch_known(self, command: Any) -> list[Archivable] | None:
        if not isinstance(command, OpenInteraction):
            return None
        return await self._find([interaction_row(command.interaction_id)]) or None

    def beside(self, state: WorkflowState, found: list[Archivable]) -> WorkflowState:
        return beside(state, found)

    def merged(self, found: list[Archivable], more: list[Archivable]) -> list[Archivable]:
        return [*found, *more]

    def recall(self, found: list[Archivable]) -> RecallWorkflowObjects:
        return RecallWorkflowObjects(tuple(row_shown(each) for each in found))

    async def _find(self, row_ids: list[str]) -> list[Archivable]:
        kept = await self._kept.find(row_ids) if row_ids else []
        if TORN in kept:
            raise StoreUnavailable(f"what is kept does not open: one of {', '.join(row_ids[:5])}")
        return await asyncio.to_thread(_objects, kept) if kept else []


def _rows_of(asked: Any) -> list[str]:
    """Return what a question or a command may lack: a person answers their own part of a request for many approvals."""
    workflow_id = getattr(asked, "workflow_id", None)
    if workflow_id is not None:
        return [workflow_row(workflow_id)]
    name = getattr(asked, "interaction_id", None)
    if name is None:
        return []
    mine = [interaction_row(part_id(name, asked.person.id))] if isinstance(asked, AnswerInteraction) else []
    return [interaction_row(name), *mine]


def _objects(kept: list[bytes]) -> list[Archivable]:
    return [found for data in kept for found in unpacked(data)]
