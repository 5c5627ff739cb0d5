"""The review application with a task over files, and cases that name one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.handle import BlobHandle, FileFacts
from hitl.blobs.names import BlobName
from hitl.blobs.ownership import mint_handle, open_handle
from hitl.blobs.sealed import seal_blob
from hitl.canonical import canonical, digest_of
from hitl.ids import partition_of
from hitl.intake import StoredCase
from hitl.sealing import MemoryDataKeys
from hitl.tasks import TaskSpec
from serve_app.reconcilers.erasures import EraseKeys
from serve_app.setup.case_files import CaseFiles, release_files
from tests.fixtures.pictures import picture
from tests.review_app.conftest import World

IMAGE = {"kind": "image", "types": ["png", "jpeg"], "max_pixels": 100_000}
BROUGHT_AT = 1_700_000_000.0
WHY = {"reason": "the person asked"}


class PictureWorld(World):
    """``digits`` has pictures, or the files that ``taken`` says: sealed, and ``sensitive`` or not."""

    def __init__(self, folder: Path, sensitive: bool = False, taken: Mapping[str, object] = IMAGE) -> None:
        super().__init__()
        plain = self.tasks["digits"].model_dump(exclude={"data", "retrain", "model"})
        given = {**taken, "sensitive": sensitive}
        self.tasks["digits"] = TaskSpec.model_validate({**plain, "input": given, "model": {"family": "declared"}, "sealed": True})
        self.folder, self.store = folder, BlobStore(str(folder))
        self.ports = replace(self.ports, files=CaseFiles(self.store, FileDecoder()))
        self.serve()

    def bring(self, data: bytes, kind: str = "png", at: float = BROUGHT_AT, pages: int = 0, duration_ms: int = 0) -> BlobHandle:
        """What the gateway does with an upload."""
        facts = FileFacts(digest_of(data), kind, len(data), pages, duration_ms)
        handle, blob = mint_handle(b"s" * 32, "client", "digits", at, facts, token_bytes)
        self.store.put(blob.name, seal_blob(data, blob.name, blob.data_key, token_bytes))
        return handle

    async def picture_case(self, key: str, handle: BlobHandle | None = None, member: str = "image") -> str:
        """A case for people that names the picture of ``handle``, or one of its own."""
        handle = handle or self.bring(picture("png"))
        case_id = await self.case(key)
        assert self.store.claim(name_of(handle), case_id)
        intake, found = self.intakes[partition_of(case_id, len(self.intakes))], await self.stored(case_id)
        payload = canonical({"features": {member: handle.plain()}, "metadata": {}})
        sealed = self.ports.vault.seal("digits", case_id, payload)
        intake._cases[found.seq - 1] = replace(found, payload=sealed.payload, wrapped_key=sealed.wrapped_key)
        return case_id

    async def stored(self, case_id: str) -> StoredCase:
        found = await self.intakes[partition_of(case_id, len(self.intakes))].find(case_id)
        assert found is not None
        return found

    async def image(self, review: dict[str, Any], who: str = "reviewer") -> Any:
        return await self.call("GET", f"/v1/reviews/{review['review_id']}/image", who)

    async def sound(self, review: dict[str, Any], who: str = "reviewer", **headers: str) -> Any:
        return await self.call("GET", f"/v1/reviews/{review['review_id']}/sound", who, **headers)

    async def erase(self, case_id: str) -> None:
        await self.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key=f"e-{case_id}")

    def erasures(self) -> EraseKeys:
        """The reconciler as it is deployed."""

        async def release(case: StoredCase) -> None:
            await release_files(self.store, self.ports.vault, case)

        return EraseKeys(self.shards, self.intakes, MemoryDataKeys(), release)

    def files(self) -> list[str]:
        """The files under the folder, by kind."""
        return sorted(each.name if each.name == "bytes" else "case" for each in self.folder.rglob("*") if each.is_file())

    async def leave(self) -> None:
        assert self.ports.files is not None
        await self.ports.files.decoder.close()
        await self.http.aclose()
        await self.shards.stop()


def name_of(handle: BlobHandle) -> BlobName:
    return open_handle(handle).name
