"""Files that come inside their case as base64: stored as uploads are, named by handles, and never part of a record."""

import asyncio
import base64
import json
from dataclasses import replace
from random import Random
from typing import Any

import httpx2
import pytest

from hitl.blobs.handle import BlobHandle
from hitl.blobs.ownership import open_handle
from hitl.blobs.sealed import open_blob
from hitl.canonical import digest_of
from hitl.errors import Overloaded, StorageFull, TooManyRequests
from hitl.intake.memory import MemoryIntake
from hitl.intake.partitioned import Partitioned
from hitl.partitioning import Partitioning
from serve_app.decisions.app import Gateway
from serve_app.decisions.inline_body import INLINE_BYTES
from tests.fixtures.pictures import document, picture
from tests.fixtures.sounds import recording
from tests.gateway.test_blobs import PNG, Pictures, service

__all__ = ["service"]

OTHER = picture("png", colour=(1, 2, 3))


def inline(data: bytes, **more: object) -> dict[str, object]:
    return {"base64": base64.b64encode(data).decode(), **more}


def handle_of(case: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(case.payload)["features"]["image"]
    return found


def trouble(answer: httpx2.Response) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["type"].rsplit(":", 1)[-1], told["detail"]


async def test_a_file_inside_a_case_is_stored_as_an_upload_is(service: Pictures) -> None:
    answer = await service.open(inline(PNG, media_type="image/png"))
    assert answer.status_code == 202
    [case] = service.stored()
    handle = handle_of(case)
    assert {**handle, "key": ""} == {"sha256": digest_of(PNG), "type": "png", "bytes": len(PNG), "key": ""}
    blob = open_handle(BlobHandle(**handle))
    place = f"2023-11-14/{blob.name.text}"
    assert [file.relative_to(service.folder).as_posix() for file in service.files()] == sorted(
        [f"{place}/bytes", f"{place}/{case.record.case_id}"]
    )
    sealed = (service.folder / place / "bytes").read_bytes()
    assert open_blob(sealed, blob.name, blob.data_key, digest_of(PNG)) == PNG


async def test_no_byte_of_it_is_in_a_record_or_clear_in_a_file(service: Pictures) -> None:
    text = base64.b64encode(PNG)
    await service.open(inline(PNG), task="other")
    await service.open(inline(PNG))
    stored = [part for case in service.stored() for part in (case.payload, case.record.encode())]
    stored += [file.read_bytes() for file in service.files()]
    assert len(stored) == 8
    for part in stored:
        assert all(found not in part for found in (PNG[:24], b"IDAT", text[:32], text[-32:]))


@pytest.mark.parametrize(
    ("task", "member", "data", "kind"),
    [("papers", "document", document(2), "pdf"), ("calls", "audio", recording(seconds=1.0), "wav")],
)
async def test_documents_and_recordings_come_so_too(service: Pictures, task: str, member: str, data: bytes, kind: str) -> None:
    answer = await service.open(inline(data), task=task, member=member)
    assert answer.status_code == 202
    [case] = service.stored()
    handle = json.loads(case.payload)["features"][member]
    assert (handle["type"], handle.get("pages"), handle.get("duration_ms")) == (
        (kind, 2, None) if kind == "pdf" else (kind, None, 1000)
    )


@pytest.mark.parametrize("task", ["loans", "other"])
async def test_the_same_bytes_again_get_the_first_answer_and_store_nothing(service: Pictures, task: str) -> None:
    first = await service.open(inline(PNG), task=task)
    files = service.files()
    service.wall_s += 3 * 86_400.0
    again = await service.open(inline(PNG, media_type="image/png"), task=task)
    assert (again.status_code, again.content, service.files()) == (202, first.content, files)
    assert len(service.stored()) == 1


async def test_the_same_bytes_get_the_first_answer_after_a_partition_was_added(service: Pictures) -> None:
    keys = [f"key-{each}" for each in range(6)]
    first = [(await service.open(inline(PNG), key)).content for key in keys]
    files, grown = service.files(), Partitioning((1, 2))
    service.intakes = Partitioned([*service.intakes, MemoryIntake(service.serving)], grown)
    service.gateway._ports = replace(service.gateway._ports, intakes=service.intakes)
    service.gateway = Gateway(service.gateway._ports)
    service.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(service.gateway), base_url="http://gateway")
    assert [(await service.open(inline(PNG), key)).content for key in keys] == first
    assert service.files() == files
    assert await service.intakes[1].cases(0, 10) == []


async def test_its_handle_is_the_same_request_and_names_other_cases(service: Pictures) -> None:
    first = await service.open(inline(PNG))
    handle = handle_of(service.stored()[0])
    assert (await service.open(handle)).content == first.content
    assert (await service.open(handle, "c2")).status_code == 202


@pytest.mark.parametrize("change", ["bytes", "metadata"])
async def test_another_body_under_the_same_key_is_refused_and_nothing_of_it_stays(service: Pictures, change: str) -> None:
    await service.open(inline(PNG), "a")
    files = service.files()
    body = (
        {"features": {"image": inline(OTHER)}}
        if change == "bytes"
        else {"features": {"image": inline(PNG)}, "metadata": {"a": 1}}
    )
    answer = await service.send(json.dumps(body).encode(), **{"idempotency-key": "a"})
    assert trouble(answer)[:2] == (422, "idempotency-conflict")
    assert (service.files(), len(service.stored())) == (files, 1)


async def test_a_request_that_comes_twice_at_once_has_one_case_and_one_file(service: Pictures) -> None:
    """Both were decoded before either was stored: the second one's file goes again."""
    service.intakes[0].may_go_on.clear()
    sent = [asyncio.create_task(service.open(inline(PNG))) for _ in range(3)]
    while len([file for file in service.files() if file.name == "bytes"]) < 3:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.001)
    service.intakes[0].may_go_on.set()
    answers = await asyncio.gather(*sent)
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert (len(service.stored()), len(service.files())) == (1, 2)


async def test_two_files_under_one_key_at_once_leave_one(service: Pictures) -> None:
    answers = await asyncio.gather(*(service.open(inline(data)) for data in (PNG, OTHER)))
    assert sorted(answer.status_code for answer in answers) == [202, 422]
    [case] = service.stored()
    name = open_handle(BlobHandle(**handle_of(case))).name
    assert {file.parent.name for file in service.files()} == {name.text}


async def test_an_erased_case_says_so_to_its_repetition(service: Pictures) -> None:
    await service.open(inline(PNG), task="other")
    files = service.files()
    await service.intakes[0].drop_key(service.stored()[0].record.case_id)
    assert trouble(await service.open(inline(PNG), task="other"))[:2] == (410, "erased")
    assert service.files() == files


MALFORMED = [
    ({"base64": "?" * 8}, "/features/image/base64: expected base64"),
    ({"base64": base64.b64encode(PNG).decode().rstrip("=") + "A"}, "/features/image/base64: expected base64"),
    ({"base64": base64.encodebytes(PNG).decode()}, "/features/image/base64: expected base64"),
    ({"base64": "é" * 8}, "/features/image/base64: expected base64"),
    ({"base64": ""}, "/features/image/base64: expected the bytes of a file"),
    ({"base64": 7}, "/features/image: expected an object with base64"),
    ({"base64": None}, "/features/image: expected an object with base64"),
    (inline(PNG, name="photo.png"), "/features/image: expected an object with base64"),
    (inline(PNG, media_type="image/jpeg"), "/features/image/media_type: expected image/png, as the bytes are"),
    (inline(PNG, media_type="application/octet-stream"), "/features/image/media_type: expected image/png"),
    (inline(PNG, media_type=["image/png"]), "/features/image/media_type: expected image/png"),
    (inline(recording(seconds=0.2)), "/features/image: expected a file of type jpeg or png or webp"),
    (inline(PNG[:60]), "/features/image: expected a whole png file"),
    (inline(PNG + b"<script>"), "/features/image: expected a picture without markup"),
    (inline(picture("png", (400, 400))), "/features/image: expected at most 100000 pixels"),
]


@pytest.mark.parametrize(("said", "expected"), MALFORMED)
async def test_what_is_no_such_file_is_refused_in_words_and_nothing_is_stored(
    service: Pictures, said: dict[str, object], expected: str
) -> None:
    status, kind, detail = trouble(await service.open(said))
    assert (status, kind) == (422, "invalid-input")
    assert detail.startswith(expected)
    assert (service.files(), service.stored(), service.blobs.in_hand.held) == ([], [], {})


@pytest.mark.parametrize(
    "body",
    [
        {"features": {"image": inline(PNG), "more": 1}},
        {"features": {"image": inline(PNG)}, "metadata": {"a": []}},
        {"features": {"image": inline(PNG)}, "more": 1},
        {"features": {"image": inline(PNG)}, "prediction": {"model": "m"}},
    ],
)
async def test_a_case_that_is_wrong_elsewhere_stores_no_file(service: Pictures, body: dict[str, object]) -> None:
    answer = await service.send(json.dumps(body).encode(), **{"idempotency-key": "a"})
    assert (answer.status_code, service.files(), service.stored()) == (422, [], [])


@pytest.mark.parametrize("size", [INLINE_BYTES + 1, 2 * INLINE_BYTES])
async def test_a_larger_file_is_sent_to_the_upload_route(service: Pictures, size: int) -> None:
    """Once by the length of the body, and once by that of the file."""
    answer = await service.open(inline(bytes(size)), task="papers", member="document")
    status, kind, detail = trouble(answer)
    assert (status, kind) == (413, "inline-file-too-large")
    assert "at most 1048576 bytes: bring a larger one with PUT /v1/tasks/{task}/blobs" in detail
    assert (service.files(), service.stored(), service.blobs.in_hand.held) == ([], [], {})


async def test_the_largest_that_may_come_so_is_taken(service: Pictures) -> None:
    data = document(1)
    data += b"%" + Random(7).randbytes(INLINE_BYTES).replace(b"\n", b"\0")[: INLINE_BYTES - len(data) - 8] + b"\n%%EOF\n"
    data = data.ljust(INLINE_BYTES, b"\n")
    answer = await service.open(inline(data, media_type="application/pdf"), task="papers", member="document")
    assert (len(data), answer.status_code, answer.content) == (INLINE_BYTES, 202, answer.content)


async def test_a_file_beyond_the_tasks_own_limit_is_too_long(service: Pictures) -> None:
    assert trouble(await service.open(inline(bytes(20_001))))[:2] == (413, "body-too-large")
    assert service.files() == []


async def test_a_batch_takes_handles_alone_and_says_so(service: Pictures) -> None:
    rows = [{"features": {"image": each}} for each in (inline(PNG), await service.handle())]
    heads = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "b"}
    answer = await service.http.post("/v1/tasks/loans/decisions:batch", content=json.dumps({"cases": rows}), headers=heads)
    refused, taken = answer.json()["results"]
    assert (refused["status"], taken["status"]) == (422, 202)
    assert "in a request for one case alone; else PUT /v1/tasks/{task}/blobs" in refused["body"]["detail"]
    rows = [{"features": {"document": inline(bytes(100_000))}}]
    long = await service.http.post("/v1/tasks/papers/decisions:batch", content=json.dumps({"cases": rows}), headers=heads)
    assert "bring its file before the batch with PUT /v1/tasks/{task}/blobs" in long.json()["detail"]
    assert (len(service.files()), len(service.stored())) == (2, 1)


@pytest.mark.parametrize("url", ["https://files.example/a.png", "http://169.254.169.254/", "file:///etc/passwd"])
async def test_a_url_is_not_fetched_and_the_refusal_says_what_to_do(service: Pictures, url: str) -> None:
    status, _, detail = trouble(await service.open({"url": url}))
    assert status == 422
    assert detail.startswith("/features/image: expected the file itself, since no URL is fetched here")
    assert "PUT /v1/tasks/{task}/blobs" in detail
    assert url not in detail


async def test_it_counts_as_an_upload_of_the_day(service: Pictures) -> None:
    asked = []

    class Used:
        async def check_bytes(self, who: Any, count: int) -> None:
            asked.append((who.id, count))
            raise TooManyRequests(who.id, "10 bytes of one account in 24 hours", 60)

    object.__setattr__(service.blobs, "quota", Used())
    answer = await service.open(inline(PNG))
    assert (answer.status_code, answer.headers["retry-after"], asked) == (429, "60", [("ada", len(PNG))])
    assert (service.files(), service.stored()) == ([], [])


async def test_a_body_that_may_hold_a_file_takes_room_as_an_upload_does(service: Pictures) -> None:
    service.blobs.in_hand.most = 150_000
    data = bytes(100_000)
    assert trouble(await service.open(inline(data), task="papers", member="document"))[:2] == (503, "overloaded")
    handle = await service.handle(document(1), "papers")
    assert (await service.open(handle, task="papers", member="document")).status_code == 202
    assert service.blobs.in_hand.held == {}


async def test_what_is_too_long_is_refused_as_that_also_where_no_room_is_left(service: Pictures) -> None:
    service.blobs.in_hand.most = 1_000
    answer = await service.open(inline(bytes(2 * INLINE_BYTES)), task="papers", member="document")
    assert trouble(answer)[:2] == (413, "inline-file-too-large")


async def test_a_full_disk_says_so_and_records_nothing(service: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("files of cases")

    monkeypatch.setattr(service.blobs.store, "put", full)
    answer = await service.open(inline(PNG))
    assert (trouble(answer)[:2], answer.headers["retry-after"]) == ((507, "storage-full"), "60")
    assert service.stored() == []


async def test_a_case_that_finds_no_place_leaves_no_file(service: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_: object) -> Any:
        raise Overloaded("cases that wait", 1)

    monkeypatch.setattr(service.gateway, "_submit", full)
    assert trouble(await service.open(inline(PNG)))[:2] == (503, "overloaded")
    assert (service.files(), service.stored()) == ([], [])


@pytest.mark.parametrize(("fails", "first"), [("after", 202), ("before", 503)])
async def test_an_append_in_doubt_keeps_the_file_and_its_repetition_has_one(service: Pictures, fails: str, first: int) -> None:
    service.intakes[0].fails = [fails]
    assert (await service.open(inline(PNG))).status_code == first
    assert len(service.files()) == 2
    again = await service.open(inline(PNG))
    assert again.status_code == 202
    [case] = service.stored()
    name = open_handle(BlobHandle(**handle_of(case))).name
    assert service.blobs.store.cases(name) == [case.record.case_id]
