"""The client repeats what passes, with the same key, and nothing else."""

import json
import re
from collections.abc import Callable

import httpx2
import pytest

from hitl.client import AsyncClient, Client
from hitl.client.errors import ApiError, ServiceUnreachable
from hitl.client.patience import FIRST_PAUSE_S, LONGEST_PAUSE_S, Patience
from serve_app.api.app import described_app

Handler = Callable[[httpx2.Request], httpx2.Response]

PROBLEM = {"content-type": "application/problem+json"}


class Scripted:
    """Answers with ``answers`` one after another and keeps the requests."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers, self.requests = list(answers), list[httpx2.Request]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def passing(status: int) -> httpx2.Response:
    return httpx2.Response(status, headers={"retry-after": "0"})


def decided() -> httpx2.Response:
    return httpx2.Response(200, json={"status": "decided"})


def client(script: Handler, total_s: float = 5.0) -> Client:
    return Client("http://service", "hitl_a_b", Patience(total_s), httpx2.MockTransport(script))


@pytest.mark.parametrize("first", [passing(503), passing(429), httpx2.Response(500, text="Ray's own"), httpx2.ReadError("reset")])
def test_what_passes_is_repeated_with_the_same_key(first: httpx2.Response | Exception) -> None:
    script = Scripted(first, decided())
    assert client(script).decide("digits", [0.0]) == {"status": "decided"}
    assert len({request.headers["idempotency-key"] for request in script.requests}) == 1


def test_bytes_among_the_features_are_sent_as_base64() -> None:
    script = Scripted(decided(), decided())
    client(script).decide("pictures", {"image": b"\x89PNG"})
    client(script).declare("pictures", {"image": b"\x89PNG"}, [])
    sent = [json.loads(request.content)["features"] for request in script.requests]
    assert sent == [{"image": {"base64": "iVBORw=="}}] * 2


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422])
def test_a_refusal_is_told_at_once(status: int) -> None:
    script = Scripted(httpx2.Response(status, json={"type": "urn:ray-hitl:problem:stale-lease"}, headers=PROBLEM))
    with pytest.raises(ApiError) as refused:
        client(script).claim("digits")
    assert (refused.value.status, refused.value.slug, len(script.requests)) == (status, "stale-lease", 1)


def test_a_failure_of_our_own_is_not_repeated() -> None:
    script = Scripted(httpx2.Response(500, json={"title": "The service failed"}, headers=PROBLEM))
    with pytest.raises(ApiError):
        client(script).queues()


def test_patience_ends() -> None:
    with pytest.raises(ServiceUnreachable):
        client(lambda _: httpx2.Response(503), total_s=0.01).queues()


def test_each_call_has_a_key_of_its_own() -> None:
    script = Scripted(decided(), decided())
    with client(script) as caller:
        caller.decide("digits", [0.0])
        caller.decide("digits", [0.0])
    assert len({request.headers["idempotency-key"] for request in script.requests}) == 2


def test_an_id_with_a_slash_stays_one_segment() -> None:
    script = Scripted(httpx2.Response(200, json={}))
    client(script).decision("../v1/keys")
    assert script.requests[0].url.raw_path.startswith(b"/v1/decisions/..%2Fv1%2Fkeys")


def test_an_empty_queue_gives_an_empty_answer() -> None:
    assert client(Scripted(httpx2.Response(204))).claim("digits") == {}


def test_wait_polls_until_the_case_is_decided() -> None:
    script = Scripted(httpx2.Response(200, json={"status": "pending_human"}), decided())
    assert client(script).wait("case", 5.0)["status"] == "decided"


async def test_the_asynchronous_client_repeats_as_well() -> None:
    script = Scripted(passing(503), decided())
    async with AsyncClient("http://service", "hitl_a_b", transport=httpx2.MockTransport(script)) as caller:
        assert await caller.decide("digits", [0.0], key="mine") == {"status": "decided"}
    assert [request.headers["idempotency-key"] for request in script.requests] == ["mine", "mine"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, text="<html>sign in</html>", headers={"content-type": "text/html"}),
        httpx2.Response(200, json=[1]),
        httpx2.Response(200, text="null"),
        httpx2.Response(302, headers={"location": "https://login.example/"}),
        httpx2.Response(404, text="<html>"),
        httpx2.Response(403),
    ],
)
def test_an_answer_that_is_no_object_of_the_service_is_an_error(answer: httpx2.Response) -> None:
    with pytest.raises(ApiError) as refused:
        client(Scripted(answer)).decide("digits", [0.0])
    assert refused.value.status == answer.status_code
    assert "no JSON object" in str(refused.value)


def test_an_error_tells_where_a_redirect_leads() -> None:
    with pytest.raises(ApiError, match=r"leads to https://login.example/"):
        client(Scripted(httpx2.Response(302, headers={"location": "https://login.example/"}))).ready()


@pytest.mark.parametrize("key", ["hitl_a_b\n", "hitl_a_b\r\n", " hitl_a_b ", "\ufeffhitl_a_b"])
def test_a_key_may_have_the_line_end_of_its_file(key: str) -> None:
    script = Scripted(decided())
    Client("http://service", key, transport=httpx2.MockTransport(script)).ready()
    assert script.requests[0].headers["authorization"] == "Bearer hitl_a_b"


@pytest.mark.parametrize("key", ["", "\n", "a b", "a\nb", "schlüssel"])
def test_what_is_no_key_is_refused_before_anything_is_sent(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        Client("http://service", key)
    with pytest.raises(ValueError, match="API key"):
        AsyncClient("http://service", key)


@pytest.mark.parametrize(
    ("asked", "pause_s"),
    [
        ("2", 2.0),
        (" 2 ", 2.0),
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE_S),
        ("soon", FIRST_PAUSE_S),
        ("-1", FIRST_PAUSE_S),
        ("²", FIRST_PAUSE_S),
        ("1.5", FIRST_PAUSE_S),
    ],
)
def test_the_pause_is_what_the_service_asks_for_in_either_form(asked: str, pause_s: float) -> None:
    found = Patience().pause_s(1, {"retry-after": asked})
    assert 0.75 * pause_s <= found <= 1.25 * pause_s


def test_each_read_asks_for_a_path_that_the_service_has() -> None:
    script = Scripted(*[decided() for _ in range(20)])
    calls = client(script)
    calls.tasks(), calls.task("digits"), calls.decision("c"), calls.approvals(), calls.approval("a"), calls.model("digits")
    calls.model_at("digits", "now"), calls.examples("digits"), calls.journal(), calls.journal_state("s"), calls.metrics()
    calls.targets(), calls.quality("digits"), calls.certificate("digits"), calls.ready()
    routes = [
        re.sub(r"\{[^}]+\}", "[^/]+", path) for path in [*described_app().openapi()["paths"], "/v1/tasks", "/v1/tasks/{task}"]
    ]
    asked = [request.url.path for request in script.requests]
    assert [path for path in asked if not any(re.fullmatch(route, path) for route in routes)] == []
