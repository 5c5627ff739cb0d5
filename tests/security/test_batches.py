"""A client sends batches of many megabytes, valid or not: they are counted before they are parsed, and others get their turns."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hitl.errors import HitlError, InvalidInput, MalformedBody, TooManyRows
from serve_app.decisions.batch_parser import CHARACTERS_AT_A_TIME, SHORT, RowLimits, parse_rows
from serve_app.http.limits import Buckets
from serve_app.http.parse import parse_json, read_body
from tests.gateway.service import FIRST, Service
from tests.gateway.test_many import SURE, of, send

LIMITS = RowLimits(rows=1000, characters=SHORT, values=1000)
PADDED = json.dumps({"cases": [{"features": SURE, "metadata": {"a": "x" * 20_000}}] * 400}).encode()


class Limited(Service):
    """A gateway that counts the bytes of bodies, on a clock that stands."""

    def _ports(self) -> Any:
        return replace(super()._ports(), byte_buckets=Buckets(1000.0, 100_000.0, lambda: 0.0, "bytes of decisions a second"))


async def test_an_invalid_batch_is_counted_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = list[int]()

    async def noting(body: bytes, limits: RowLimits) -> Any:
        parsed.append(len(body))
        return await parse_rows(body, limits)

    monkeypatch.setattr("serve_app.decisions.app.parse_rows", noting)
    service = Limited()
    await service.deploy((FIRST, 1.0))
    answers = [await send(service, b'{"cases":[' + b"[" * 40_000, f"k{number}") for number in range(3)]
    assert ([answer.status_code for answer in answers], len(parsed)) == ([400, 400, 429], 2)
    assert "1000 bytes of decisions a second" in answers[2].text
    assert (await service.decide(SURE)).status_code == 200


async def test_a_batch_that_declares_too_much_is_not_read() -> None:
    service, read = Service(), list[int]()

    async def endless() -> Any:
        for number in range(10**6):
            read.append(number)
            yield b"x" * 65_536

    headers = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "k"}
    answer: httpx2.Response = await service.http.post(
        "/v1/tasks/loans/decisions:batch", content=endless(), headers=headers | {"content-length": str(10**11)}
    )
    assert (answer.status_code, read[1:]) == (413, [])


async def test_others_get_their_turn_while_a_large_batch_is_parsed() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    await parse_rows(PADDED, LIMITS)
    beside.cancel()
    assert turns >= len(PADDED) // (2 * CHARACTERS_AT_A_TIME)


@pytest.mark.parametrize(
    "text",
    [
        '{"cases":[1]}',
        ' { "cases" : [ {"a": [1, 2.5, "\\u00e9 ü"]} ,\n\t{"a": {}} , null, "x", -1e5 ] }\r\n',
        '{"cases":["' + "x" * (SHORT - 2) + '"]}',
        json.dumps({"cases": [{"a": "x" * 5_000}] * 20}, indent=2),
    ],
)
async def test_what_is_valid_is_read_as_by_the_parser_of_one(text: str) -> None:
    assert await parse_rows(text.encode(), LIMITS) == parse_json(text.encode())["cases"]


MALFORMED = [
    '{"cases":[1', '{"cases":[1,]}', '{"cases":[1 2]}', '{"cases":[1]', '{"cases":[1]}x', '{"cases":[NaN]}', '{"cases":[', "",
    '{"cases":[{"a":1,"a":2}]}', '{"cases":[' + "[" * 5_000, '{"cases":[1]]', "\ufeff{}", '{"cases":[' + "9" * 5_000 + "]}",
]  # fmt: skip
OTHERS = [
    "[]", "1", "{}", '{"cases":{}}', '{"cases":[]}', '{"cases":[1],"more":2}', '{"more":2,"cases":[1]}', '{"x":"' + "y" * SHORT,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        *((text, MalformedBody) for text in MALFORMED),
        *((text, InvalidInput) for text in OTHERS),
        ('{"cases":["' + "x" * 2 * SHORT + '"]}', InvalidInput),
        (json.dumps({"cases": [1] * 1001}), TooManyRows),
    ],
)
async def test_what_is_not_is_refused_with_its_fault(text: str, refusal: type[HitlError]) -> None:
    with pytest.raises(refusal):
        await parse_rows(text.encode(), LIMITS)


async def test_a_row_with_what_no_case_may_hold_fails_alone() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    odd = b'{"cases":[{"features":["\\ud800"]},' + json.dumps(of(SURE)[0]).encode() + b',{"features":[1e999,0,0]}]}'
    results = (await send(service, odd)).json()["results"]
    assert [row["status"] for row in results] == [422, 200, 422]


async def test_a_body_in_many_pieces_is_copied_once() -> None:
    pieces = iter(
        [*[{"type": "http.request", "body": b"x" * 10, "more_body": True}] * 999, {"type": "http.request", "body": b"x"}]
    )

    async def receive() -> Any:
        return next(pieces)

    assert await read_body(receive, 10**6) == b"x" * 9991
