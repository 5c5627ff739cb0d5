"""Boxes: where on its pages a document's fields were read. They come with the declared value and are no part of the answer."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.answers.labels import VALUE_LABELS
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from hitl.sealing import Keyring
from serve_app.decisions.case_blobs import CaseBlobs
from tests.fixtures.pictures import document, picture
from tests.fixtures.sounds import recording
from tests.gateway.service import NOW, loans
from tests.gateway.test_blobs import AUDIO, Pictures

FIELDS = {"kind": "fields", "fields": [{"name": "vendor", "type": "text"}, {"name": "total", "type": "money"}]}
READ = {"model": "judge", "version": "1", "value": {"vendor": "Acme", "total": "1.50"}, "score": 0.6}
TERMS: dict[str, Any] = {
    "model": {"family": "declared"},
    "data": {"source": "", "initial_rows": 0, "holdout_rows": 0},
    "answer": FIELDS,
    "labels": VALUE_LABELS,
}
TOTAL = {"page": 2, "box": [0.5, 0.25, 0.75, 0.5]}


@pytest.fixture
async def service(tmp_path: Path) -> Any:
    key, bot = issue(Principal("bot", frozenset({Role.CLIENT, Role.DECLARER})), NOW, lambda n: b"c" * n)
    tasks = {
        "papers": loans("papers", input={"kind": "document", "types": ["pdf", "png"]}, **TERMS),
        "sealed": loans("sealed", input={"kind": "document", "types": ["pdf"]}, sealed=True, **TERMS),
        "photos": loans("photos", input={"kind": "image"}, **TERMS),
        "calls": loans("calls", input=AUDIO, **TERMS),
        "texts": loans("texts", input={"kind": "text", "max_chars": 100}, **TERMS),
    }
    decoder = FileDecoder()
    blobs = CaseBlobs(BlobStore(str(tmp_path)), decoder, lambda: NOW)
    made = Pictures(tasks=tasks, keys=MemoryKeys(bot), masters=Keyring([bytes(32)]), blobs=blobs)
    made.key, made.folder, made.wall_s = key, tmp_path, NOW
    yield made
    await decoder.close()


async def declare(service: Pictures, features: object, boxes: object, task: str = "papers", **more: object) -> httpx2.Response:
    body = {"features": features, "prediction": {**READ, "boxes": boxes}, **more}
    return await service.send(json.dumps(body).encode(), task, **{"idempotency-key": "a"})


async def paper(service: Pictures, task: str = "papers") -> dict[str, Any]:
    return {"document": await service.handle(document(2), task)}


async def test_boxes_stand_beside_the_declared_value_and_in_the_answer(service: Pictures) -> None:
    answer = await declare(service, await paper(service), {"total": TOTAL})
    assert (answer.status_code, answer.json()["boxes"]) == (202, {"total": TOTAL})
    [case] = service.stored()
    payload = json.loads(case.payload)
    assert (payload["boxes"], payload["value"]) == ({"total": TOTAL}, {"vendor": "Acme", "total": "1.50"})
    assert b"boxes" not in case.record.encode()


async def test_without_boxes_nothing_of_them_is_stored(service: Pictures) -> None:
    features = await paper(service)
    answer = await declare(service, features, {})
    assert (answer.status_code, "boxes" in answer.json()) == (202, False)
    body = json.dumps({"features": features, "prediction": READ}).encode()
    assert (await service.send(body, "papers", **{"idempotency-key": "a"})).content == answer.content


async def test_they_are_sealed_with_the_input(service: Pictures) -> None:
    assert (await declare(service, await paper(service, "sealed"), {"total": TOTAL}, "sealed")).status_code == 202
    [case] = service.stored()
    assert b"boxes" not in case.payload
    assert b"boxes" not in case.record.encode()


async def test_a_picture_is_one_page(service: Pictures) -> None:
    features = {"image": await service.handle(picture("png"), "photos")}
    assert (await declare(service, features, {"vendor": TOTAL}, "photos")).status_code == 422
    assert (await declare(service, features, {"vendor": {**TOTAL, "page": 1}}, "photos")).status_code == 202


async def test_a_batch_may_have_them_for_every_field(service: Pictures) -> None:
    row = {"features": await paper(service), "prediction": {**READ, "boxes": {"vendor": TOTAL, "total": TOTAL}}}
    heads = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "b"}
    answer = await service.http.post("/v1/tasks/papers/decisions:batch", content=json.dumps({"cases": [row]}), headers=heads)
    assert [each["status"] for each in answer.json()["results"]] == [202]


@pytest.mark.parametrize(
    ("boxes", "place"),
    [
        ([], ""),
        (None, ""),
        ({"day": TOTAL}, ""),
        ({f"field{at}": TOTAL for at in range(40)}, ""),
        ({"total": [0, 0, 1, 1]}, "/total"),
        ({"total": {**TOTAL, "unit": "mm"}}, "/total"),
        ({"total": {"box": [0, 0, 1, 1]}}, "/total"),
        ({"total": {**TOTAL, "page": 0}}, "/total/page"),
        ({"total": {**TOTAL, "page": 3}}, "/total/page"),
        ({"total": {**TOTAL, "page": True}}, "/total/page"),
        ({"total": {**TOTAL, "page": 1.0}}, "/total/page"),
        ({"total": {**TOTAL, "box": [0, 0, 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [0, 0, 1, 1, 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [0, 0, 1, 1.01]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [-0.1, 0, 1, 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [0, 0, "1", 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [False, 0, True, 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [0.5, 0, 0.5, 1]}}, "/total/box"),
        ({"total": {**TOTAL, "box": [0, 0.6, 1, 0.5]}}, "/total/box"),
        ({"total": {**TOTAL, "box": {"x": 0}}}, "/total/box"),
    ],
)
async def test_what_is_no_box_is_refused_by_its_place(service: Pictures, boxes: object, place: str) -> None:
    answer = await declare(service, await paper(service), boxes)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"/prediction/boxes{place}: expected ")
    assert service.stored() == []


async def test_a_case_without_pages_has_none(service: Pictures) -> None:
    sound = {"audio": await service.handle(recording(seconds=1), "calls")}
    for task, features in (("texts", {"text": "Acme"}), ("calls", sound)):
        answer = await declare(service, features, {"total": TOTAL}, task)
        assert (answer.status_code, "the cases of this task have no pages" in answer.json()["detail"]) == (422, True)
    assert service.stored() == []
