"""Endpoints over real HTTP: what they send, and what they do with a server that fails, drips, redirects or costs too much."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hitl.adapters.endpoints.http_endpoint import HttpEndpoint, open_endpoints
from hitl.adapters.endpoints.terms import EndpointTerms, load_endpoints
from hitl.errors import InvalidConfig
from hitl.inference.remote.card import RemoteCard
from hitl.inference.remote.model import RemoteModel
from hitl.inference.remote.ports import EndpointCall, EndpointFailed
from hitl.inference.rows import rows_of


class Server(ThreadingHTTPServer):
    """Answers with the next of ``answers`` (the last one for ever): a status with headers and a body, or ``hang``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Any] = [(200, {}, b"{}")]
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.may_end = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        if answer == "hang":
            self.server.may_end.wait(30)
            return
        status, headers, told = answer
        self.send_response(status)
        for name, value in {"content-length": str(len(told)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.may_end.set()
    made.shutdown()
    made.server_close()


CALL = EndpointCall("/invocations", b'{"inputs":[]}')


def endpoint(server: Server, **terms: Any) -> HttpEndpoint:
    return HttpEndpoint("here", EndpointTerms.model_validate({"url": server.url, "within_s": 5.0, **terms}), lambda: 0.0)


def call(made: HttpEndpoint, within_s: float = 20.0) -> bytes:
    return made.call(CALL, time.monotonic() + within_s)


def test_a_call_is_one_post_with_the_operators_secret(server: Server, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    assert call(endpoint(server, url=f"{server.url}/base/", secret_file=str(tmp_path / "secret"))) == b"{}"
    path, headers, body = server.seen[0]
    assert (path, body) == ("/base/invocations", CALL.body)
    assert {name.lower(): value for name, value in headers.items()}["authorization"] == "Bearer s3cret"


def test_what_may_pass_is_tried_again(server: Server) -> None:
    server.answers = [(503, {}, b""), (200, {}, b"[1]")]
    assert call(endpoint(server)) == b"[1]"


@pytest.mark.parametrize(("answer", "calls"), [((503, {}, b""), 3), ((400, {}, b"you"), 1), ((401, {}, b""), 1)])
def test_what_stays_is_not(server: Server, answer: Any, calls: int) -> None:
    server.answers = [answer]
    with pytest.raises(EndpointFailed, match=f"it answered {answer[0]}"):
        call(endpoint(server, attempts=3))
    assert len(server.seen) == calls


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.answers = [(307, {"location": f"{server.url}/elsewhere"}, b"")]
    with pytest.raises(EndpointFailed, match="redirects are not followed"):
        call(endpoint(server))
    assert [path for path, _, _ in server.seen] == ["/invocations"]


def test_an_answer_without_end_is_not_read_to_its_end(server: Server) -> None:
    server.answers = [(200, {}, b"x" * 100_000)]
    with pytest.raises(EndpointFailed, match="an answer of more than 1024 bytes"):
        call(endpoint(server, max_answer_bytes=1024))


def test_a_server_that_hangs_is_left(server: Server) -> None:
    server.answers = ["hang"]
    with pytest.raises(EndpointFailed, match="no answer within"):
        call(endpoint(server), within_s=0.3)


def test_nobody_there_is_a_failure_like_any_other(server: Server) -> None:
    made = endpoint(server, url="http://127.0.0.1:9")
    with pytest.raises(EndpointFailed, match="ConnectError"):
        call(made)


@pytest.mark.parametrize(
    ("budget", "calls", "why"),
    [
        ({"calls": 2}, 2, "the budget of 2 calls a day is spent"),
        ({"tokens": 20}, 2, "the budget of 20 tokens a day is spent"),
        ({"dollars": 0.03, "dollars_per_1000_tokens": 1.0}, 3, "the budget of 0.03 dollars a day is spent"),
        ({"dollars": 1.0, "dollars_per_call": 0.5}, 2, "the budget of 1 dollars a day is spent"),
    ],
)
def test_a_spent_budget_ends_the_calls_of_the_day(server: Server, budget: dict[str, Any], calls: int, why: str) -> None:
    now = [0.0]
    terms = EndpointTerms.model_validate({"url": server.url, "budget": budget})
    made = HttpEndpoint("here", terms, lambda: now[0])
    for _ in range(calls):
        call(made)
        made.charge(10)
    with pytest.raises(EndpointFailed, match=why):
        call(made)
    assert len(server.seen) == calls
    now[0] = 86_400.0
    assert call(made) == b"{}"


def test_a_model_over_http_answers_and_its_answers_cost(server: Server) -> None:
    told = {
        "model": "judge",
        "choices": [{"message": {"content": "ham"}, "logprobs": {"content": [{"token": "ham", "logprob": float(np.log(0.9))}]}}],
        "usage": {"total_tokens": 7},
    }
    server.answers = [(200, {}, json.dumps(told).encode())]
    protocol = {"kind": "chat_completions", "instructions": "Say spam or ham."}
    card = RemoteCard(model="judge", version="7", labels=["spam", "ham"], what="a prompt", endpoint="here", protocol=protocol)  # type: ignore[arg-type]
    made = endpoint(server, budget={"tokens": 14})
    model = RemoteModel(card, 0).connected(made, print)
    assert model.predict(rows_of(["one", "two"]))[:, 1].tolist() == pytest.approx([0.9, 0.9])
    assert np.isnan(model.predict(rows_of(["three"]))).all()


WRONG = {
    "url: ftp://x": "endpoints.here.url",
    "url: 'http://user:word@127.0.0.1'": "endpoints.here.url",
    "url: 'http://127.0.0.1/?key=x'": "endpoints.here.url",
    "url: 'http://models.example'": "endpoints.here.url",
    "{url: 'https://x', attempts: 50}": "endpoints.here.attempts",
    "{url: 'https://x', budget: {dollars: 0}}": "endpoints.here.budget.dollars",
    "{url: 'https://x', secret: word}": "endpoints.here.secret",
}


@pytest.mark.parametrize(("text", "place"), WRONG.items())
def test_a_wrong_file_names_its_key(text: str, place: str) -> None:
    with pytest.raises(InvalidConfig) as error:
        load_endpoints(f"endpoints:\n  here:\n    {text}\n", "a file")
    assert place in str(error.value)


def test_plain_http_is_said_in_words() -> None:
    assert load_endpoints("endpoints: {a: {url: 'http://models.example', plain_http: true}}", "a file")["a"].plain_http


def test_a_secret_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    for path in (tmp_path / "none", tmp_path / "empty"):
        with pytest.raises(InvalidConfig, match="secret_file"):
            open_endpoints({"here": EndpointTerms(url="https://x", secret_file=path)})
