"""The files of stored cases: shown to people as pixels alone, and removed with the last case that names them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from hitl.adapters.checkers.decoder import Picture, PictureDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.ownership import open_handle
from hitl.blobs.sealed import open_blob
from hitl.canonical import Json
from hitl.errors import Overloaded, SealBroken
from hitl.intake import StoredCase
from hitl.tasks import TaskSpec
from serve_app.setup.vault import Vault

MOST_WAITING = 16
"""Pictures that wait to be decoded in one replica: beyond it a person is better off asking again."""


@dataclass(slots=True)
class CaseFiles:
    """``store`` is where the gateway put them."""

    store: BlobStore
    decoder: PictureDecoder
    _waiting: int = 0

    async def picture(self, spec: TaskSpec, features: Json, page: int = 1) -> Picture | None:
        """Return the picture, or page of the document, that ``features`` name, made anew; None where it is not there. Raises
        SealBroken where its bytes are others than those that were brought, InvalidInput, Overloaded, StoreUnavailable."""
        terms = spec.input.files
        if terms is None:
            return None
        if self._waiting >= MOST_WAITING:
            raise Overloaded("pictures that wait to be shown", MOST_WAITING)
        self._waiting += 1
        try:
            for _, handle in spec.input.blobs_in(features):
                blob = open_handle(handle)
                is_there = page <= max(handle.pages, 1)
                stored = await asyncio.to_thread(self.store.get, blob.name) if is_there else None
                if stored is None:
                    return None
                data = await asyncio.to_thread(open_blob, stored, blob.name, blob.data_key, handle.sha256)
                return await self.decoder.render(data, handle.type, terms, page)
            return None
        finally:
            self._waiting -= 1


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
