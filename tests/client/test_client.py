"""The client repeats what passes, with the same key, and nothing else."""

from collections.abc import Callable

import httpx2
import pytest

from hitl.client import AsyncClient, Client
from hitl.client.errors import ApiError, ServiceUnreachable
from hitl.client.patience import Patience

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
