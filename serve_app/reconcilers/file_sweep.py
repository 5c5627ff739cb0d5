"""Remove files that no case names: those that were brought and never used, and those of requests that came to nothing.

A day is swept once, when no handle of it opens cases any more: from then on only an erasure changes who names what.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.names import BLOB_DAYS, DAY_S, BlobName, end_of_day
from hitl.errors import SealBroken
from hitl.intake import Intake
from hitl.intake.partitioned import part_of
from serve_app.http.telemetry import json_log
from serve_app.setup.vault import Vault

log = json_log()

MARGIN_S = 3600.0
"""Between the last moment in which a handle opens a case and the sweep: no request and no clock is so late."""


class SweepFiles:
    """``vault`` opens what cases name; ``wall`` gives UTC seconds."""

    def __init__(self, store: BlobStore, intakes: Sequence[Intake], vault: Vault, wall: Callable[[], float] = time.time) -> None:
        self._store, self._intakes, self._vault, self._wall = store, intakes, vault, wall
        self._swept: set[str] = set()

    async def once(self) -> None:
        """Raises StoreUnavailable; then it begins with the same day again."""
        for day in await asyncio.to_thread(self._store.days):
            if end_of_day(day) + BLOB_DAYS * DAY_S + MARGIN_S > self._wall():
                return
            if day not in self._swept and not await asyncio.to_thread(self._store.is_swept, day):
                await self._sweep(day)
            self._swept.add(day)

    async def _sweep(self, day: str) -> None:
        for name in await asyncio.to_thread(self._store.names, day):
            await self._sweep_file(name)
        await asyncio.to_thread(self._store.note_swept, day)

    async def _sweep_file(self, name: BlobName) -> None:
        noted = await asyncio.to_thread(self._store.cases, name)
        for case in [case for case in noted if not await self._is_named(case, name)]:
            await asyncio.to_thread(self._store.release, name, case)
        if not noted:
            await asyncio.to_thread(self._store.remove, name)

    async def _is_named(self, case_id: str, name: BlobName) -> bool:
        """A request that came again after its case was not stored brought its file a second time: the case names the last one.
        What nobody can open stays."""
        stored = await part_of(self._intakes, case_id).find(case_id)
        if stored is None:
            return False
        try:
            return name in await asyncio.to_thread(self._vault.blobs_of, stored)
        except SealBroken:
            log.exception("a case does not open: its file stays", case=case_id)
            return True
