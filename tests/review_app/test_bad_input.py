"""Bad input gets a problem document that repeats nothing of it, and nothing has changed."""

import pytest

from tests.review_app.conftest import World

DEEP = b'{"lease":1,"label":' + b"[" * 200 + b"]" * 200 + b"}"

BODIES = [
    (b"", 400),
    (b"{", 400),
    (b'{"lease":1,"label":"3"} x', 400),
    (b'{"lease":1,"lease":1,"label":"3"}', 400),
    (b'{"lease":1,"label":"3","confidence":NaN}', 400),
    (b'{"lease":1,"label":"3","confidence":1e999}', 422),
    (b'{"lease":1,"label":"\\ud800"}', 422),
    (b'{"lease":1,"label":"\\u0000"}', 422),
    ('{"lease":1,"label":"3"}'.encode("utf-16"), 400),
    (b'\xef\xbb\xbf{"lease":1,"label":"3"}', 400),
    (DEEP, 422),
    (b"[]", 422),
    (b"null", 422),
    (b'{"lease":1}', 422),
    (b'{"lease":"1","label":"3"}', 422),
    (b'{"lease":true,"label":"3"}', 422),
    (b'{"lease":1.5,"label":"3"}', 422),
    (b'{"lease":0,"label":"3"}', 422),
    (b'{"lease":1,"label":3}', 422),
    (b'{"lease":1,"label":"3","confidence":1.01}', 422),
    (b'{"lease":1,"label":"3","confidence":"0.9"}', 422),
    (b'{"lease":1,"label":"3","reviewer":"somebody-else"}', 422),
    (b'{"lease":1,"label":"3","__proto__":{}}', 422),
    (b'{"lease":1,"label":"eleven"}', 422),
    (b'{"lease":1,"label":"3","comment":"' + b"x" * 5000 + b'"}', 422),
    (b'{"lease":1,"label":"3","comment":"' + b"x" * 1_100_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
async def test_bad_body_is_refused_and_changes_nothing(world: World, body: bytes, status: int) -> None:
    await world.case("a")
    review = await world.claim()
    before = await world.state()
    headers = {"authorization": "Bearer reviewer", "idempotency-key": "k", "content-type": "application/json"}
    answer = await world.http.post(f"/v1/reviews/{review['review_id']}/decision", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await world.state() == before


@pytest.mark.covers("D22")
async def test_problem_repeats_nothing_that_came(world: World) -> None:
    body = {"lease": 1, "label": "3", "<script>": "<img onerror>"}
    answer = await world.call("POST", f"/v1/reviews/{'a' * 26}-1/decision", "reviewer", body, idempotency_key="k")
    assert answer.status_code == 422
    assert "script" not in answer.text
    assert "img" not in answer.text


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_other_media_types_are_refused(world: World, media: str) -> None:
    headers = {"authorization": "Bearer reviewer", "content-type": media}
    answer = await world.http.post("/v1/queues/digits/claim", content=b'{"lease_s": 5}', headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/queues", 405),
        ("GET", "/v1/journal/elsewhere/state", 404),
        ("GET", "/v1/reviews/0", 404),
        ("GET", "/v1/approvals/unknown-1", 404),
        ("GET", "/v1/models/unknown", 404),
        ("POST", "/v1/queues/unknown/claim", 404),
        ("POST", "/v1/queues/digits.expert.expert/claim", 404),
        ("GET", "/v1/examples?task=digits&limit=0", 400),
        ("GET", "/v1/examples?task=digits&after=-1.0", 400),
        ("GET", "/v1/examples?task=digits&after=1", 400),
        ("GET", f"/v1/decisions/{'a' * 26}?wait=nan", 400),
        ("GET", f"/v1/decisions/{'a' * 26}?wait=61", 400),
        ("GET", "/v1/queues?" + "x" * 5000, 400),
        ("GET", "/v1/reviews/%00", 400),
        ("GET", "/v1/reviews/%ff", 400),
    ],
)
async def test_bad_target_is_a_problem(world: World, method: str, path: str, status: int) -> None:
    who = "expert" if "queues" in path else "trainer" if "examples" in path else "operator"
    answer = await world.call(method, path, who)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("authorization", [None, "", "Bearer nobody", "Basic cmV2aWV3ZXI6"])
async def test_unknown_callers_are_challenged(world: World, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = await world.http.get("/v1/queues", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("client", "GET", "/v1/queues"),
        ("client", "POST", "/v1/queues/digits/claim"),
        ("reviewer", "GET", "/v1/journal"),
        ("reviewer", "GET", "/v1/examples?task=digits"),
        ("reviewer", "GET", "/v1/approvals"),
        ("client", "GET", "/v1/metrics"),
    ],
)
async def test_roles_bound_what_a_key_may_do(world: World, who: str, method: str, path: str) -> None:
    assert (await world.call(method, path, who)).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 201, "with\ttab"])
async def test_bad_idempotency_keys_are_refused(world: World, key: str) -> None:
    body = {"lease": 1, "label": "3"}
    answer = await world.call("POST", f"/v1/reviews/{'a' * 26}-1/decision", "reviewer", body, idempotency_key=key)
    assert answer.status_code == 400
