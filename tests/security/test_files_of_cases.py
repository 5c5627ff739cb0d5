"""Files that any client may send with a case: hostile ones are refused and the service lives; another's are out of reach."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from hitl.adapters.checkers import decoder as decoder_module
from hitl.adapters.checkers import decoding
from hitl.adapters.checkers.decoder import DecodedFile, DecodingLimits, FileDecoder
from hitl.adapters.checkers.decoding_wire import Asked
from hitl.adapters.checkers.limited import program_of
from hitl.blobs.file_types import FileTerms
from hitl.blobs.handle import BlobHandle
from hitl.blobs.ownership import open_handle
from hitl.errors import InvalidInput, StoreUnavailable, TooManyRequests
from tests.fixtures.pictures import bomb, document, locked_document, moving, photo_with_a_place, picture
from tests.gateway.test_blobs import PNG, Pictures, service

__all__ = ["service"]


def terms(max_pixels: int = 10**6, max_pages: int = 3) -> FileTerms:
    return FileTerms(["pdf", "jpeg", "png", "webp"], 10**8, max_pixels, max_pages)


PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("a page", PAGE),
        ("a drawing that runs", SVG),
        ("a picture of another type", b"GIF89a" + bytes(100)),
        ("a page behind a picture", PNG + PAGE),
        ("a drawing behind a picture", picture("jpeg") + SVG),
        ("a page inside a picture", picture("jpeg", comment=PAGE)),
        ("half a picture", picture("jpeg", (200, 200))[:-80]),
        ("first bytes alone", PNG[:60]),
        ("changed bytes", PNG[:50] + b"\x00\xff" + PNG[52:]),
        ("one type under the bytes of another", b"\xff\xd8\xff" + PNG),
        ("too many pixels", picture("png", (400, 400))),
        ("a bomb", bomb(2000)[:20_000]),
        ("a picture that moves", moving()),
    ],
)
async def test_what_is_no_plain_picture_is_refused_and_the_next_one_is_taken(service: Pictures, name: str, data: bytes) -> None:
    answer = await service.bring(data)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (422, "invalid-input"), name
    assert answer.json()["detail"].startswith("/: expected "), "it says what to send"
    assert service.files() == []
    assert (await service.bring(PNG)).status_code == 200


@pytest.mark.parametrize("how", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_jpeg_that_is_only_tried_is_read_whole_but_not_drawn_in_full(
    how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[tuple[int, int]]()
    monkeypatch.setattr(decoding, "_reduce", _noting(drawn))
    data = picture("jpeg", (800, 480), **how)
    said, _ = decoding.decode(Asked("jpeg", "", 10.0, 8, 10**6), data)
    assert (said.width, said.height, said.expected) == (800, 480, "")
    assert drawn == [(100, 60)]
    with pytest.raises(OSError, match="truncated"):
        decoding.decode(Asked("jpeg", "", 10.0, 8, 10**6), data[:-80])
    said, _ = decoding.decode(Asked("jpeg", "picture", 10.0, 8, 10**6), data)
    assert (said.width, said.height, len(drawn)) == (800, 480, 2), "what people see is drawn in full"


def _noting(drawn: list[tuple[int, int]]) -> Callable[[Image.Image], None]:
    reduce = decoding._reduce

    def noting(opened: Image.Image) -> None:
        reduce(opened)
        drawn.append(opened.size)

    return noting


async def test_a_bomb_costs_no_memory_of_the_service() -> None:
    """Its header is read, and no pixel of the gigabyte that it holds."""
    decoder = FileDecoder()
    with pytest.raises(InvalidInput, match="at most 1000000 pixels, came 30000 x 30000"):
        await decoder.check(bomb(), "png", terms(1_000_000))
    await decoder.close()


async def test_what_takes_too_long_is_killed_and_the_next_picture_is_decoded() -> None:
    decoder = FileDecoder(DecodingLimits(wall_s=0.02))
    with pytest.raises(InvalidInput, match="within the limits of memory and time"):
        await decoder.render(picture("png", (9000, 9000)), "png", terms(10**8))
    decoder._limits = DecodingLimits()
    await decoder.check(PNG, "png", terms(10**6))
    await decoder.close()


async def test_what_breaks_the_limit_of_memory_is_refused_and_the_next_picture_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The real process with less room: a picture within the task's pixels that needs more than it has."""
    monkeypatch.setattr(decoder_module, "program_of", lambda module: program_of("tests.security.narrow_decoding"))
    decoder = FileDecoder()
    with pytest.raises(InvalidInput, match="within the limits of memory and time"):
        await decoder.check(picture("png", (9000, 9000)), "png", terms(10**8))
    await decoder.check(PNG, "png", terms(10**6))
    await decoder.close()


async def test_people_get_pixels_alone() -> None:
    """No place, no comment, no byte of the sender's file; and it stands upright."""
    decoder = FileDecoder()
    sent = photo_with_a_place()
    shown = await decoder.render(sent, "jpeg", terms(10**6))
    assert (shown.kind, shown.width, shown.height) == ("jpeg", 48, 64)
    assert b"52.5163" in sent
    assert b"52.5163" not in shown.data
    assert b"Exif" not in shown.data
    trailing = await decoder.render(PNG + b"secret words", "png", terms(10**6))
    assert b"secret words" not in trailing.data
    await decoder.close()


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"type": "jpeg"},
        {"bytes": 1},
        {"bytes": True},
        {"key": "A" * 86},
        {"key": "A" * 85},
        {"key": "é" * 86},
        {"key": None},
        {"more": 1},
        {"url": "file:///etc/passwd"},
    ],
)
async def test_a_changed_handle_opens_nothing(service: Pictures, change: dict[str, Any]) -> None:
    answer = await service.open({**await service.handle(), **change})
    assert (answer.status_code, len(service.stored()), len(service.files())) == (422, 0, 1)


@pytest.mark.parametrize("handle", ["../../etc/passwd", {"url": "http://169.254.169.254/"}, [], None, {"image": PNG.hex()}])
async def test_nothing_else_than_a_handle_names_a_file(service: Pictures, handle: object) -> None:
    assert (await service.open(handle)).status_code == 422
    assert service.stored() == []


async def test_another_clients_handle_is_refused_like_one_that_never_was(service: Pictures) -> None:
    mine, made_up = await service.handle(), {**await service.handle(), "key": "A" * 86}
    eve = service.eve_key  # type: ignore[attr-defined]
    answers = [(await service.open(handle, key=eve)).json() for handle in (mine, made_up)]
    assert answers[0]["status"] == 422
    assert answers[0]["detail"] == answers[1]["detail"]


async def test_a_handle_of_another_task_is_refused(service: Pictures) -> None:
    assert (await service.open(await service.handle(task="other"), task="loans")).status_code == 422


async def test_nobody_learns_whether_the_same_file_was_brought_before(service: Pictures) -> None:
    """The answer to the second is of the same form, costs the same writes, and neither can be computed from the other."""
    eve = service.eve_key  # type: ignore[attr-defined]
    first, second = await service.handle(), await service.handle(key=eve)
    assert {**first, "key": ""} == {**second, "key": ""}
    assert first["key"][:22] != second["key"][:22]
    files = service.files()
    assert len(files) == 2
    assert files[0].read_bytes() != files[1].read_bytes()


async def test_no_file_lies_readable_in_the_store(service: Pictures) -> None:
    await service.open(await service.handle())
    assert all(PNG[:16] not in file.read_bytes() and b"IDAT" not in file.read_bytes() for file in service.files())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/html"}, 415),
        ({"content-type": "application/json"}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"content-length": "20001"}, 413),
        ({"content-length": "-1"}, 400),
        ({"authorization": "Bearer nobody"}, 401),
    ],
)
async def test_other_bodies_are_refused_before_they_are_read(service: Pictures, headers: dict[str, str], status: int) -> None:
    async def endless() -> Any:
        raise AssertionError("the body was read")
        yield b""

    given = {"authorization": f"Bearer {service.key}", "content-type": "image/png", **headers}
    answer = await service.http.put("/v1/tasks/loans/blobs", content=endless(), headers=given)
    assert (answer.status_code, service.files()) == (status, [])


async def test_a_body_that_is_longer_than_it_says_is_cut_off(service: Pictures) -> None:
    async def chunks() -> Any:
        for _ in range(100):
            yield bytes(1000)

    given = {"authorization": f"Bearer {service.key}", "content-type": "image/png"}
    answer = await service.http.put("/v1/tasks/loans/blobs", content=chunks(), headers=given)
    assert (answer.status_code, service.files(), service.blobs.in_hand.held) == (413, [], {})


async def test_one_account_cannot_take_all_the_room(service: Pictures) -> None:
    service.blobs.in_hand.most = 4 * len(PNG)
    with service.blobs.in_hand.hold("ada", 2 * len(PNG)):
        assert (await service.bring(PNG)).status_code == 503
        assert (await service.bring(PNG, key=service.eve_key)).status_code == 200  # type: ignore[attr-defined]


async def test_what_an_account_brings_in_a_day_is_counted_before_it_is_read(service: Pictures) -> None:
    class Used:
        async def check_bytes(self, who: Any, count: int) -> None:
            raise TooManyRequests(who.id, "10 bytes of one account in 24 hours", 60)

    object.__setattr__(service.blobs, "quota", Used())
    answer = await service.bring(PNG)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "10 bytes of one account" in json.dumps(answer.json())
    assert service.files() == []


async def test_a_case_that_only_speaks_of_a_handle_removes_no_file(service: Pictures) -> None:
    """A client knows another's handle, writes it into a record of its own, and has that erased."""
    name = open_handle(BlobHandle(**await service.handle())).name
    assert service.blobs.store.release(name, "b" * 26) is False
    assert len(service.files()) == 1


async def test_a_key_that_is_used_again_with_another_file_keeps_nothing_of_it(service: Pictures) -> None:
    """An erasure of the case would not reach that file."""
    first, second = await service.handle(), await service.handle(picture("png", colour=(1, 2, 3)))
    assert (await service.open(first, "a")).status_code == 202
    assert (await service.open(second, "a")).status_code == 422
    assert service.blobs is not None
    assert service.blobs.store.cases(open_handle(BlobHandle(**second)).name) == []
    assert service.blobs.store.cases(open_handle(BlobHandle(**first)).name) == [service.stored()[0].record.case_id]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (document(4), "at most 3 pages, came 4"),
        (document(2)[:-400], "a whole pdf file"),
        (b"%PDF-1.7\n" + PAGE, "a whole pdf file"),
        (locked_document(), "a whole pdf file"),
        (b"%PDF-1.7\n%%EOF", "a whole pdf file"),
    ],
)
async def test_what_is_no_plain_document_is_refused_and_the_next_one_is_taken(data: bytes, expected: str) -> None:
    decoder = FileDecoder()
    with pytest.raises(InvalidInput, match=expected):
        await decoder.check(data, "pdf", terms())
    assert (await decoder.check(document(3), "pdf", terms())).pages == 3
    await decoder.close()


async def test_people_get_a_document_as_pixels_of_one_page() -> None:
    """Neither its text nor a link or a script of it reaches a browser."""
    decoder, sent = FileDecoder(), document(2)
    pages = [await decoder.render(sent, "pdf", terms(), page) for page in (1, 2)]
    assert [(page.kind, page.pages, page.height) for page in pages] == [("png", 2, 2400)] * 2
    assert pages[0].data != pages[1].data
    assert all(page.data.startswith(b"\x89PNG") and b"%PDF" not in page.data for page in pages)
    await decoder.close()


async def test_files_that_take_long_hold_up_their_own_account_alone(service: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second account's file is next, however many the first one sent before it."""
    asked, order, decoding, may_end = list[int](), list[int](), asyncio.Lock(), asyncio.Event()

    async def slow(data: bytes, kind: str, terms: FileTerms) -> DecodedFile:
        asked.append(len(data))
        async with decoding:
            order.append(len(data))
            await may_end.wait()
        return DecodedFile(kind, 1, 1, b"")

    monkeypatch.setattr(service.blobs.decoder, "check", slow)
    mine, theirs = picture("webp"), [picture("png", (60 + at, 60)) for at in range(6)]
    sent = [asyncio.create_task(service.bring(data)) for data in theirs]
    await until(lambda: service.blobs.in_hand.held.get("ada") == sum(map(len, theirs)) and bool(order))
    sent.append(asyncio.create_task(service.bring(mine, key=service.eve_key)))  # type: ignore[attr-defined]
    await until(lambda: len(mine) in asked)
    may_end.set()
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {200}
    assert order[1] == len(mine)


async def test_a_decoder_that_is_closed_under_a_picture_says_so_and_starts_anew() -> None:
    decoder = FileDecoder()
    asked = asyncio.create_task(decoder.render(picture("png", (3000, 3000)), "png", terms(10**8)))
    await until(lambda: decoder._process is not None)
    await decoder.close()
    with pytest.raises(StoreUnavailable):
        await asked
    await decoder.check(PNG, "png", terms())
    await decoder.close()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.001)
