"""Bad input gets a problem document and leaves nothing behind."""

import json
from typing import Any

import pytest

from tests.gateway.service import Service

GOOD = b'{"features": [0.1, 0.2, 0.7]}'

BODIES = [
    (b"", 400),
    (b"{", 400),
    (b'{"features": [NaN, 0, 0]}', 400),
    (b'{"features": [0, 0, 0], "features": [0, 0, 0]}', 400),
    (b'\xef\xbb\xbf{"features": [0, 0, 0]}', 400),
    (b"[]", 422),
    (b"null", 422),
    (b"{}", 422),
    (b'{"features": [1e999, 0, 0]}', 422),
    (b'{"features": [0, 0]}', 422),
    (b'{"features": [0, 0, 0, 0]}', 422),
    (b'{"features": [0, 0, "0"]}', 422),
    (b'{"features": [0, 0, true]}', 422),
    (b'{"features": [0, 0, null]}', 422),
    (b'{"features": [0, 0, 1.01]}', 422),
    (b'{"features": [[0, 0, 0]]}', 422),
    (b'{"features": {"a": 0}}', 422),
    (b'{"features": [0, 0, 0], "status": "decided"}', 422),
    (b'{"features": [0, 0, 0], "__proto__": {}}', 422),
    (b'{"features": [0, 0, 0], "metadata": null}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"a": {}}}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"a": null}}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"": 1}}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"a": "\\ud800"}}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"a": "x\\u0000"}}', 422),
    (b'{"features": [0, 0, 0], "metadata": {"a": 9007199254740993}}', 422),
    (json.dumps({"features": [0, 0, 0], "metadata": {"a": "x" * 1025}}).encode(), 422),
    (json.dumps({"features": [0, 0, 0], "metadata": {f"k{i}": 1 for i in range(33)}}).encode(), 422),
    (b" " * 100_000 + GOOD, 413),
]

HEADERS = [
    ({"authorization": ""}, 401),
    ({"authorization": "Bearer hitl_0_0"}, 401),
    ({"content-type": "text/plain"}, 415),
    ({"content-type": "application/json; charset=utf-16"}, 415),
    ({"content-type": ""}, 415),
    ({"content-encoding": "gzip"}, 415),
    ({"idempotency-key": ""}, 400),
    ({"idempotency-key": "k" * 201}, 400),
    ({"idempotency-key": "a\tb"}, 400),
    ({"content-length": "-1"}, 400),
]

PATHS = [
    ("POST", "/v1/tasks/nope/decisions", 404),
    ("POST", "/v1/tasks/other/decisions", 404),
    ("POST", "/v1/tasks/loans/decisions/", 404),
    ("POST", "/v1/tasks/..%2f..%2fetc/decisions", 404),
    ("GET", "/v1/tasksx", 404),
    ("GET", "/", 404),
    ("GET", "/v1/tasks/loans%00", 400),
    ("GET", "/v1/tasks/%ff", 400),
    ("GET", "/v1/tasks/" + "x" * 2000, 400),
    ("GET", "/v1/tasks/loans/decisions", 405),
    ("DELETE", "/v1/tasks/loans", 405),
    ("BREW", "/v1/tasks", 405),
]


def _is_problem(reply: Any, status: int) -> bool:
    document = reply.json()
    named = document["status"] == status and document["request_id"] == reply.headers["x-request-id"]
    return reply.status_code == status and named and reply.headers["content-type"] == "application/problem+json"


@pytest.mark.covers("D22", "003-43")
@pytest.mark.parametrize(("body", "status"), BODIES, ids=lambda value: repr(value)[:40])
async def test_a_bad_body_is_a_problem_and_stores_nothing(body: bytes, status: int) -> None:
    service = Service()
    assert _is_problem(await service.send(body, **{"idempotency-key": "k"}), status)
    assert service.stored() == []


@pytest.mark.parametrize(("headers", "status"), HEADERS, ids=str)
async def test_a_bad_header_is_a_problem_and_stores_nothing(headers: dict[str, str], status: int) -> None:
    service = Service()
    assert _is_problem(await service.send(GOOD, **{"idempotency-key": "k", **headers}), status)
    assert service.stored() == []


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
async def test_a_wrong_path_or_method_is_a_problem(method: str, path: str, status: int) -> None:
    service = Service()
    headers = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "k"}
    assert _is_problem(await service.http.request(method, path, headers=headers, content=GOOD), status)
    assert service.stored() == []


async def test_a_reviewer_opens_no_case() -> None:
    service = Service()
    reply = await service.send(GOOD, **{"idempotency-key": "k", "authorization": f"Bearer {service.reviewer_key}"})
    assert _is_problem(reply, 403)


async def test_no_key_at_all_is_told_the_scheme() -> None:
    service = Service()
    reply = await service.http.get("/v1/tasks")
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_request_id_that_is_not_plain_is_replaced() -> None:
    service = Service()
    reply = await service.send(GOOD, **{"idempotency-key": "k", "x-request-id": '"}\\x1b[31m'})
    assert len(reply.headers["x-request-id"]) == 36


async def test_a_header_that_comes_twice_is_refused() -> None:
    service = Service()
    head = [("authorization", f"Bearer {service.key}"), ("content-type", "application/json")]
    keys = [("idempotency-key", "a"), ("idempotency-key", "b")]
    reply = await service.http.post("/v1/tasks/loans/decisions", headers=head + keys, content=GOOD)
    assert _is_problem(reply, 400)


async def test_hostile_text_in_metadata_is_plain_data() -> None:
    service = Service()
    metadata = {"note": "<script>\r\nFLUSHALL {{7*7}} %s ${jndi:x} '; DROP", "emoji": "é\u202e😀"}
    body = json.dumps({"features": [0.1, 0.2, 0.7], "metadata": metadata}).encode()
    assert (await service.send(body, **{"idempotency-key": "k"})).json()["metadata"] == metadata
