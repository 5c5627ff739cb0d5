"""The files of stored cases: shown to people as pixels or sound alone, and removed with the last case that names them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from hitl.adapters.checkers.decoder import DecodedFile, FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.file_types import AUDIO_TYPES, FileTerms
from hitl.blobs.handle import BlobHandle
from hitl.blobs.ownership import open_handle
from hitl.blobs.sealed import open_blob
from hitl.canonical import Json
from hitl.errors import Overloaded, SealBroken
from hitl.intake import StoredCase
from hitl.tasks import TaskSpec
from serve_app.setup.vault import Vault

MOST_WAITING = 16
"""Files that wait to be decoded in one replica: beyond it a person is better off asking again."""

Make: TypeAlias = Callable[[bytes, str, FileTerms], Awaitable[DecodedFile]]
"""What people see or hear, of the bytes of a file, its type and the task's terms."""


@dataclass(slots=True)
class CaseFiles:
    """``store`` is where the gateway put them."""

    store: BlobStore
    decoder: FileDecoder
    _waiting: int = 0

    async def picture(self, spec: TaskSpec, features: Json, page: int = 1) -> DecodedFile | None:
        """Return the picture, or page of the document, that ``features`` name, made anew; of a recording how loud it is. None
        where it is not there. Raises SealBroken where its bytes are others than those that were brought, InvalidInput,
        Overloaded, StoreUnavailable."""
        handle = _handle_in(spec, features)
        is_there = handle is not None and page <= max(handle.pages, 1)
        return await self._made(spec, handle if is_there else None, partial(self.decoder.render, page=page))

    async def sound(self, spec: TaskSpec, features: Json) -> DecodedFile | None:
        """Return the sound of the recording that ``features`` name, made anew; None where there is none. Raises as
        ``picture``."""
        handle = _handle_in(spec, features)
        is_heard = handle is not None and handle.type in AUDIO_TYPES
        return await self._made(spec, handle if is_heard else None, self.decoder.render_sound)

    async def _made(self, spec: TaskSpec, handle: BlobHandle | None, make: Make) -> DecodedFile | None:
        terms = spec.input.files
        if terms is None or handle is None:
            return None
        if self._waiting >= MOST_WAITING:
            raise Overloaded("files that wait to be shown", MOST_WAITING)
        self._waiting += 1
        try:
            blob = open_handle(handle)
            stored = await asyncio.to_thread(self.store.get, blob.name)
            if stored is None:
                return None
            data = await asyncio.to_thread(open_blob, stored, blob.name, blob.data_key, handle.sha256)
            return await make(data, handle.type, terms)
        finally:
            self._waiting -= 1


def _handle_in(spec: TaskSpec, features: Json) -> BlobHandle | None:
    """None where the cases of the task have no file."""
    return next((handle for _, handle in spec.input.blobs_in(features)), None)


async def release_files(store: BlobStore, vault: Vault, case: StoredCase) -> None:
    """Take a case that is being erased from its files; they go with the last one. Its key must still be there: nothing else
    tells which they are. Raises StoreUnavailable."""
    try:
        names = vault.blobs_of(case)
    except SealBroken:  # its input opens for nobody; that must not hold up this erasure and all later ones
        return
    for name in names:
        await asyncio.to_thread(store.release, name, case.record.case_id)


def has_files(tasks: Mapping[str, TaskSpec]) -> bool:
    """Tell whether the cases of any task have files."""
    return any(spec.input.files is not None for spec in tasks.values())
