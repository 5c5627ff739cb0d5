"""The measurement of pictures under load counts what came, and calls anything else than answers and refusals by its name."""

import asyncio
import io
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from tests.measure.picture_load import senders
from tests.measure.picture_load.measuring import PARTS, taken_by, unexpected
from tests.measure.picture_load.photos import SIZE, photo
from tests.measure.picture_load.senders import Came, Plan, send_all
from tests.measure.picture_load.world import World
from tests.measure.reported import add_to_report

BLOB = {"sha256": "s", "key": "k"}


@asynccontextmanager
async def server(answer: Callable[[str, bytes], tuple[int, str, str]]) -> AsyncIterator[str]:
    """Answers each request by its path and body with a status, one header and a body."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with_end = b"\r\n\r\n"
        while head := (await reader.readuntil(with_end)).decode():
            length = next(int(line.split(": ")[1]) for line in head.split("\r\n") if line.startswith("Content-Length"))
            status, header, body = answer(head.split(" ")[1], await reader.readexactly(length))
            if status == 0:
                writer.close()
                return
            writer.write(f"HTTP/1.1 {status} X\r\n{header}Content-Length: {len(body)}\r\n\r\n{body}".encode())

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await converse(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(served, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def test_a_photo_is_one_of_its_size_and_the_same_for_its_seed() -> None:
    data = photo(3)
    assert Image.open(io.BytesIO(data)).size == SIZE
    assert 140_000 < len(data) < 180_000
    assert (photo(3) == data, photo(4) == data) == (True, False)


async def test_a_picture_is_brought_and_its_case_names_the_handle() -> None:
    bodies = dict[str, bytes]()

    def answer(path: str, body: bytes) -> tuple[int, str, str]:
        bodies[path] = body
        return (200, "", json.dumps({"blob": BLOB})) if path.endswith("blobs") else (202, "", "{}")

    async with server(answer) as url:
        came = await send_all(Plan(url, "photos", ["k"], 1, 0.2), [b"a file"])
    assert came.statuses["upload 200"] == came.statuses["case 202"]
    assert came.statuses["case 202"] - len(came.took_ms) in (0, 1)  # the last one came too late
    assert bodies["/v1/tasks/photos/blobs"] == b"a file"
    assert json.loads(bodies["/v1/tasks/photos/decisions"]) == {"features": {"image": BLOB}}
    assert unexpected(came) == []


async def test_refusals_count_and_only_those_that_say_when_are_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "AGAIN_S", 0.0)
    told = iter([(503, "Retry-After: 1\r\n", ""), (503, "", ""), (500, "", "oh"), (0, "", "")])

    def answer(_path: str, _body: bytes) -> tuple[int, str, str]:
        return next(told, (429, "Retry-After: 1\r\n", ""))

    async with server(answer) as url:
        came = await send_all(Plan(url, "digits", ["k"], 1, 1.0, bodies=["{}"]), [])
    assert (came.statuses["case 503"], came.statuses["case 500"], came.cut, came.taken) == (2, 1, 1, 0)
    assert came.took_ms == []
    assert unexpected(came) == ["case 500 b'oh'", "1 connections were cut off", "1 refusals did not say when to come back"]


def test_a_section_goes_into_the_report_that_is_there_and_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    add_to_report(file, "pictures", {"a": 1})
    assert not file.exists()
    file.write_text(json.dumps({"decisions": [], "pictures": {"old": 0}}))
    add_to_report(file, "pictures", {"a": 1})
    assert json.loads(file.read_text()) == {"decisions": [], "pictures": {"a": 1}}


def test_what_came_of_two_kinds_is_told_apart() -> None:
    came = Came(Counter({"upload 200": 3, "upload 503": 1, "case 202": 2, "case 429": 1}), told_when=2)
    assert (came.taken, came.refused, came.answered) == (5, 2, 7)


def test_what_the_service_takes_is_told_apart_from_the_rest_of_the_machine() -> None:
    state = SimpleNamespace(pid=os.getsid(0), parts={})
    with taken_by(World(SimpleNamespace(state=state), [], Path())) as taken:  # type: ignore[arg-type]
        until_s = time.process_time() + 0.2
        while time.process_time() < until_s:
            pass
    assert taken.seconds["others"] >= 0.1
    assert (taken.seconds["gateway"], taken.seconds.keys()) == (0.0, {*PARTS, "others"})
    assert taken.cores > 0
