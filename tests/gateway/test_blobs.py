"""Files that come with cases: brought once, named by the cases of their client, and stored before their handle is known."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.handle import BlobHandle, FileFacts
from hitl.blobs.ownership import mint_handle, open_handle
from hitl.blobs.sealed import open_blob
from hitl.canonical import digest_of
from hitl.errors import StorageFull
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from hitl.sealing import Keyring
from serve_app.decisions.case_blobs import CaseBlobs
from tests.fixtures.pictures import document, picture
from tests.fixtures.sounds import recording
from tests.gateway.service import NOW, Service, loans

DAY_S = 86_400.0
IMAGE = {"kind": "image", "max_bytes": 20_000, "max_pixels": 100_000}
DECLARED = {"model": {"family": "declared"}, "data": {"source": "", "initial_rows": 0, "holdout_rows": 0}}
PNG = picture("png")
AUDIO = {"kind": "audio", "types": ["wav", "mp3"], "max_bytes": 100_000, "max_seconds": 2}
BEFORE = "ZVPxAHJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnJyh05vkM73l2iWBfuB2LJCBw"


class Pictures(Service):
    """Two tasks over pictures, one of them sealed, and one over numbers; ``wall_s`` is the time."""

    folder: Path
    wall_s: float

    async def bring(self, data: bytes, task: str = "loans", key: str = "", **headers: str) -> httpx2.Response:
        given = {"authorization": f"Bearer {key or self.key}", "content-type": "application/octet-stream", **headers}
        return await self.http.put(f"/v1/tasks/{task}/blobs", content=data, headers=given)

    async def handle(self, data: bytes = PNG, task: str = "loans", key: str = "") -> dict[str, Any]:
        found: dict[str, Any] = (await self.bring(data, task, key)).json()["blob"]
        return found

    async def open(
        self, handle: object, case: str = "c1", task: str = "loans", key: str = "", member: str = "image"
    ) -> httpx2.Response:
        who = {"authorization": f"Bearer {key or self.key}", "idempotency-key": case}
        return await self.send(json.dumps({"features": {member: handle}}).encode(), task, **who)

    def files(self) -> list[Path]:
        return sorted(each for each in self.folder.rglob("*") if each.is_file())


@pytest.fixture
async def service(tmp_path: Path) -> Any:
    keys = [
        issue(Principal(name, frozenset({Role.CLIENT})), NOW, lambda n, name=name: name[:1].encode() * n)
        for name in ("ada", "eve")
    ]
    tasks = {
        "loans": loans(input=IMAGE, **DECLARED),
        "other": loans("other", input=IMAGE, sealed=True, **DECLARED),
        "papers": loans("papers", input={"kind": "document", "types": ["pdf", "png"], "max_pages": 3}, **DECLARED),
        "calls": loans("calls", input=AUDIO, **DECLARED),
        "numbers": loans("numbers"),
    }
    decoder = FileDecoder()
    blobs = CaseBlobs(BlobStore(str(tmp_path)), decoder, lambda: made.wall_s)
    made = Pictures(tasks=tasks, keys=MemoryKeys(*(record for _, record in keys)), masters=Keyring([bytes(32)]), blobs=blobs)
    made.folder, made.wall_s, made.key = tmp_path, NOW, keys[0][0]
    made.eve_key = keys[1][0]  # type: ignore[attr-defined]
    yield made
    await decoder.close()


async def test_a_file_is_stored_sealed_before_its_handle_is_known(service: Pictures) -> None:
    told = (await service.bring(PNG)).json()
    handle = told["blob"]
    assert told.keys() == {"blob"}
    assert {**handle, "key": ""} == {"sha256": digest_of(PNG), "type": "png", "bytes": len(PNG), "key": ""}
    [file] = service.files()
    blob = open_handle(BlobHandle(**handle))
    assert file.relative_to(service.folder).as_posix() == f"2023-11-14/{blob.name.text}/bytes"
    assert open_blob(file.read_bytes(), blob.name, blob.data_key, digest_of(PNG)) == PNG


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
async def test_each_type_is_known_by_its_first_bytes(service: Pictures, kind: str) -> None:
    assert (await service.handle(picture(kind)))["type"] == kind


async def test_a_case_names_its_file_and_keeps_no_byte_of_it(service: Pictures) -> None:
    handle = await service.handle()
    assert (await service.open(handle)).status_code == 202
    [case] = service.stored()
    assert json.loads(case.payload)["features"] == {"image": handle}
    assert [file.name for file in service.files()] == sorted(["bytes", case.record.case_id])


async def test_a_sealed_case_keeps_the_key_of_its_file_under_its_own(service: Pictures) -> None:
    handle = await service.handle(task="other")
    assert (await service.open(handle, task="other")).status_code == 202
    [case] = service.stored()
    assert handle["key"].encode() not in case.payload
    assert handle["key"].encode() not in case.record.encode()


async def test_a_repeated_request_gets_its_first_answer(service: Pictures) -> None:
    handle = await service.handle()
    first, files = await service.open(handle), service.files()
    service.wall_s += 3 * DAY_S
    again = await service.open(handle)
    assert (again.status_code, again.content, service.files()) == (202, first.content, files)
    assert len(service.stored()) == 1


async def test_one_file_may_be_named_by_several_cases(service: Pictures) -> None:
    handle = await service.handle()
    assert [(await service.open(handle, case)).status_code for case in ("a", "b")] == [202, 202]
    assert len(service.files()) == 3


async def test_a_handle_opens_cases_for_a_day(service: Pictures) -> None:
    handle = await service.handle()
    service.wall_s += DAY_S + 1
    refused = await service.open(handle)
    assert (refused.status_code, "bring the file again" in refused.json()["detail"]) == (422, True)
    assert (service.stored(), len(service.files())) == ([], 1)


async def test_a_batch_opens_a_case_a_picture_and_refuses_the_others_one_by_one(service: Pictures) -> None:
    mine, gone = await service.handle(), await service.handle(picture("png", colour=(1, 2, 3)))
    service.blobs.store.remove(open_handle(BlobHandle(**gone)).name)
    rows = [{"features": {"image": each}} for each in (mine, gone, {**mine, "sha256": "0" * 64}, mine)]
    heads = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "b"}
    answer = await service.http.post("/v1/tasks/loans/decisions:batch", content=json.dumps({"cases": rows}), headers=heads)
    assert [row["status"] for row in answer.json()["results"]] == [202, 422, 422, 202]
    assert len(service.stored()) == 2


async def test_a_task_without_files_takes_none(service: Pictures) -> None:
    assert (await service.bring(PNG, "numbers")).status_code == 422
    assert service.files() == []


async def test_a_document_says_how_many_pages_it_has(service: Pictures) -> None:
    handle = await service.handle(document(2), "papers")
    assert (handle["type"], handle["pages"]) == ("pdf", 2)
    assert (await service.open(handle, task="papers", member="document")).status_code == 202
    assert (await service.open({**handle, "pages": 1}, "c2", "papers", member="document")).status_code == 422
    assert "pages" not in await service.handle(PNG, "papers")
    assert (await service.bring(document(1), "loans")).status_code == 422


async def test_a_recording_says_how_long_it_lasts(service: Pictures) -> None:
    handle = await service.handle(recording(seconds=1.5), "calls")
    assert (handle["type"], handle["duration_ms"]) == ("wav", 1500)
    assert (await service.open(handle, task="calls", member="audio")).status_code == 202
    assert (await service.open({**handle, "duration_ms": 1}, "c2", "calls", member="audio")).status_code == 422
    assert (await service.open(handle, "c3", "calls", member="image")).status_code == 422
    [case] = service.stored()
    assert json.loads(case.payload)["features"] == {"audio": handle}


@pytest.mark.parametrize(
    ("data", "status"),
    [(recording(seconds=3), 422), (recording("ogg"), 422), (PNG, 422), (recording()[:-1], 422), (bytes(100_001), 413)],
    ids=["too long", "another type", "a picture", "cut off", "too many bytes"],
)
async def test_what_is_no_recording_that_the_task_takes_is_refused(service: Pictures, data: bytes, status: int) -> None:
    assert ((await service.bring(data, "calls")).status_code, service.files()) == (status, [])


@pytest.mark.parametrize(("kind", "content_type"), [("wav", "audio/wav"), ("mp3", "audio/mpeg")])
async def test_a_recording_may_come_under_its_own_type(service: Pictures, kind: str, content_type: str) -> None:
    assert (await service.bring(recording(kind), "calls", **{"content-type": content_type})).status_code == 200


def test_handles_of_pictures_and_documents_from_before_recordings_stay_good() -> None:
    """Their code is made over the same text as ever."""
    facts = FileFacts("0" * 64, "pdf", 7, 2)
    handle, _ = mint_handle(b"s" * 32, "ada", "papers", NOW, facts, lambda n: b"r" * n)
    assert facts.signed == ("0" * 64, "pdf", 7, 2)
    assert handle.key == BEFORE


async def test_a_full_disk_says_so_and_leaves_nothing(service: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("files of cases")

    monkeypatch.setattr(service.blobs.store, "put", full)
    answer = await service.bring(PNG)
    assert (answer.status_code, answer.headers["retry-after"]) == (507, "60")
    assert answer.json()["type"].endswith("storage-full")


async def test_what_the_replica_cannot_hold_waits_outside(service: Pictures) -> None:
    service.blobs.in_hand.most = 2 * len(PNG) - 1
    answer = await service.bring(PNG)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (503, "overloaded")
    assert (answer.headers["retry-after"], service.files()) == ("1", [])
    assert service.blobs.in_hand.held == {}


async def test_many_at_once_are_taken_one_after_the_other(service: Pictures) -> None:
    answers = await asyncio.gather(*(service.bring(PNG) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["blob"]["key"] for answer in answers}) == 8 == len(service.files())
