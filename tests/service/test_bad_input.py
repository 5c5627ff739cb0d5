"""Each kind of bad input is a 4xx problem document, and the state of every shard is what it was."""

import json
from typing import Any

import httpx2
import pytest

from tests.running import Running, candidate, open_review, request

pytestmark = pytest.mark.service

GOOD = [0.0] * 64
DECISIONS = "/v1/tasks/digits/decisions"
UNKNOWN = "a" * 26
WITHIN_S = 60.0
"""How long an answer that never comes is waited for."""

BODIES: dict[str, tuple[bytes, int]] = {
    "not JSON": (b'{"features": ', 400),
    "NaN": (json.dumps({"features": [float("nan"), *GOOD[1:]]}).encode(), 400),
    "infinity": (b'{"features": [1e999]}', 400),
    "duplicate keys": (b'{"features": [], "features": []}', 400),
    "lone surrogate": (b'{"features": "\\ud800"}', 400),
    "UTF-16": ('{"features": []}'.encode("utf-16"), 400),
    "not an object": (b"[1, 2]", 422),
    "one number too few": (json.dumps({"features": GOOD[1:]}).encode(), 422),
    "out of range": (json.dumps({"features": [17.0, *GOOD[1:]]}).encode(), 422),
    "a string for a number": (json.dumps({"features": ["1", *GOOD[1:]]}).encode(), 422),
    "true for a number": (json.dumps({"features": [True, *GOOD[1:]]}).encode(), 422),
    "no features": (b"{}", 422),
    "an unknown field": (json.dumps({"features": GOOD, "label": "1"}).encode(), 422),
    "too large": (json.dumps({"features": GOOD, "metadata": {"x": "y" * 2_000_000}}).encode(), 413),
    "too deep": (b'{"features": ' + b"[" * 100 + b"]" * 100 + b"}", 400),
}


def post(service: Running, account: str, path: str, body: Any, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"authorization": f"Bearer {service.keys[account]}", "content-type": "application/json", "idempotency-key": "bad"}
    return httpx2.post(service.url + path, content=content, headers=sent | headers, timeout=WITHIN_S)


def is_problem(response: httpx2.Response, *statuses: int) -> bool:
    document = response.json()
    said = response.headers["content-type"].startswith("application/problem+json")
    return said and response.status_code in statuses and document["status"] == response.status_code and "type" in document


@pytest.fixture(scope="module", autouse=True)
def nothing_under_way(service: Running) -> None:
    """The reviews of all cases that others asked for are open: none of them changes a shard any more."""
    case_for_people(service, "last before")


def case_for_people(service: Running, key: str) -> dict[str, Any]:
    """A case that is left to people, and whose review is open."""
    for each in range(33):
        case = post(service, "client", DECISIONS, {"features": [each / 2] * 64}, **{"idempotency-key": f"{key} {each}"}).json()
        if case["status"] != "decided":
            open_review(service, case["case_id"])
            return dict(case)
    raise AssertionError("the model decided them all")


@pytest.mark.covers("D22")
@pytest.mark.parametrize("name", BODIES)
def test_a_bad_case_is_refused_and_nothing_has_changed(service: Running, name: str) -> None:
    body, status = BODIES[name]
    before = service.digest()
    assert is_problem(post(service, "client", DECISIONS, body), status, 422)
    assert service.digest() == before


@pytest.mark.parametrize(
    ("account", "path", "body", "status"),
    [
        ("client", "/v1/tasks/nothing/decisions", {"features": GOOD}, 404),
        ("ada", DECISIONS, {"features": GOOD}, 403),
        ("client", "/v1/queues/digits/claim", {}, 403),
        ("ada", "/v1/queues/digits.expert/claim", {}, 403),
        ("ada", "/v1/queues/nothing/claim", {}, 404),
        ("ada", f"/v1/reviews/{UNKNOWN}-1/decision", {"lease": 1, "label": "1"}, 404),
        ("ada", f"/v1/reviews/{UNKNOWN}-1/heartbeat", {"lease": 1}, 404),
        ("kim", "/v1/approvals/digits-999/votes", {"vote": "approve", "digest": "0" * 64}, 404),
        ("client", "/v1/approvals", {"task": "digits", "digest": "0" * 64, "title": "x", "evidence": {}}, 403),
        ("trainer", "/v1/approvals", {"task": "digits", "digest": "short", "title": "x", "evidence": {}}, 422),
        ("operator", "/v1/models/digits/rollback", {"digest": "f" * 64, "reason": "never deployed"}, 409),
        ("kim", "/v1/models/digits/rollback", {"digest": "f" * 64, "reason": "not mine to do"}, 403),
    ],
)
def test_what_is_not_there_or_not_allowed_is_refused(
    service: Running, account: str, path: str, body: dict[str, Any], status: int
) -> None:
    before = service.digest()
    assert is_problem(post(service, account, path, body), status)
    assert service.digest() == before


def test_a_case_without_a_key_or_with_a_wrong_one_is_refused(service: Running) -> None:
    response = httpx2.post(service.url + DECISIONS, json={"features": GOOD}, timeout=WITHIN_S)
    assert is_problem(response, 401)
    assert is_problem(post(service, "client", DECISIONS, {"features": GOOD}, authorization="Bearer hitl_a_b"), 401)


def test_another_clients_case_is_not_found(service: Running) -> None:
    case = post(service, "client", DECISIONS, {"features": GOOD}, **{"idempotency-key": "mine"}).json()
    stranger = {"authorization": f"Bearer {service.keys['stranger']}"}
    assert is_problem(httpx2.get(f"{service.url}/v1/decisions/{case['case_id']}", headers=stranger, timeout=WITHIN_S), 404)


@pytest.mark.covers("D07")
def test_a_stale_lease_is_a_conflict(service: Running) -> None:
    case = case_for_people(service, "stale")
    queue = "digits.expert" if case["route"]["action"] == "expert" else "digits"
    with service.as_("eve") as eve:
        review = eve.claim(queue)["review"]
        eve.release(review["review_id"], review["lease"]["id"])
        before = service.digest()
        body = {"lease": review["lease"]["id"], "label": "1"}
        assert is_problem(post(service, "eve", f"/v1/reviews/{review['review_id']}/decision", body), 409)
    assert service.digest() == before


@pytest.mark.covers("D33")
@pytest.mark.parametrize(("voter", "digest", "status"), [("author", None, 403), ("kim", "f" * 64, 409)])
def test_the_author_and_another_digest_have_no_vote(service: Running, voter: str, digest: str | None, status: int) -> None:
    mine = candidate(service, strength=0.31)
    approval = request(service, mine, "author")
    before = service.digest()
    body = {"vote": "approve", "digest": digest or mine}
    assert is_problem(post(service, voter, f"/v1/approvals/{approval}/votes", body), status)
    assert service.digest() == before
