"""Decisions that are answered before Ray Serve's replica sees them."""

from pathlib import Path
from typing import Any

import pytest
from ray._common.utils import import_attr
from ray.serve._private.http_util import RequestIdMiddleware, _apply_middlewares
from ray.serve._private.replica import Replica, ReplicaMetricsManager

from hitl.cli.local.haproxy import ingress_environment
from hitl.cli.local.place import place_of
from hitl.cli.local.tcp_ports import TcpPorts
from serve_app.http import ahead_of_serve
from serve_app.http.ahead_of_serve import DECISION, decide_ahead, middlewares
from tests.gateway.service import Service

DECISIONS = "/v1/tasks/loans/decisions"


class Count:
    """Ray's, of one replica."""

    def __init__(self) -> None:
        self.ongoing, self.seen = 0, list[int]()

    def inc_num_ongoing_requests(self, request: Any) -> None:
        assert request is DECISION
        self.ongoing += 1

    def dec_num_ongoing_requests(self, request: Any) -> None:
        assert request is DECISION
        self.ongoing -= 1


class UserCode:
    def __init__(self, has_own_thread: bool) -> None:
        self._run_user_code_in_separate_thread = has_own_thread


class RaysReplica:
    """The application of a replica, with what stands around it in Ray's."""

    def __init__(self, has_own_thread: bool = False) -> None:
        self._metrics_manager, self._user_callable_wrapper = Count(), UserCode(has_own_thread)
        self.asked = list[str]()

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])


class Deciding:
    """Notes what it was asked, and how many requests Ray knew of meanwhile."""

    def __init__(self, count: Count, raises: Exception | None = None) -> None:
        self._count, self._raises = count, raises
        self.asked, self.known = list[str](), list[int]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        self.known.append(self._count.ongoing)
        if self._raises:
            raise self._raises


@pytest.fixture(autouse=True)
def nobody_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_of_serve, "_deciding", None)


def server_of(replica: RaysReplica) -> Any:
    """Return what Ray serves for ``replica``."""
    return _apply_middlewares(replica.application, middlewares())


async def ask(server: Any, method: str = "POST", path: str = DECISIONS, kind: str = "http") -> None:
    await server({"type": kind, "method": method, "path": path, "headers": []}, None, None)


async def test_a_decision_is_counted_and_answered_without_the_replica() -> None:
    replica = RaysReplica()
    deciding = Deciding(replica._metrics_manager)
    decide_ahead(deciding)
    await ask(server_of(replica))
    assert (deciding.asked, deciding.known, replica.asked) == ([DECISIONS], [1], [])
    assert replica._metrics_manager.ongoing == 0


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v1/tasks/loans", "http"),
        ("GET", DECISIONS, "http"),
        ("POST", DECISIONS + ":batch", "http"),
        ("POST", "/v1/decisions", "http"),
        ("GET", "/-/healthz", "http"),
        ("GET", DECISIONS, "websocket"),
    ],
)
async def test_all_else_goes_to_the_replica(method: str, path: str, kind: str) -> None:
    replica = RaysReplica()
    decide_ahead(Deciding(replica._metrics_manager))
    await ask(server_of(replica), method, path, kind)
    assert replica.asked == [path]


async def test_a_decision_that_fails_is_in_hand_no_more() -> None:
    replica = RaysReplica()
    decide_ahead(Deciding(replica._metrics_manager, OSError()))
    with pytest.raises(OSError):
        await ask(server_of(replica))
    assert replica._metrics_manager.ongoing == 0


async def test_more_decisions_than_a_replica_may_hold_queue_as_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_of_serve, "MOST_AT_ONCE", 0)
    replica = RaysReplica()
    decide_ahead(Deciding(replica._metrics_manager))
    await ask(server_of(replica))
    assert replica.asked == [DECISIONS]


async def test_a_process_that_decides_nothing_serves_as_ray_does() -> None:
    replica = RaysReplica()
    server = server_of(replica)
    assert isinstance(server, RequestIdMiddleware)
    await ask(server)
    assert replica.asked == [DECISIONS]


async def test_a_gateway_with_an_event_loop_of_its_own_is_asked_through_ray(caplog: pytest.LogCaptureFixture) -> None:
    replica = RaysReplica(has_own_thread=True)
    decide_ahead(Deciding(replica._metrics_manager))
    assert isinstance(server_of(replica), RequestIdMiddleware)
    assert "decisions go through Ray's replica" in caplog.text


async def test_a_replica_without_the_count_that_we_know_is_asked_through_ray(caplog: pytest.LogCaptureFixture) -> None:
    replica = RaysReplica()
    decide_ahead(Deciding(replica._metrics_manager))
    del replica._metrics_manager
    assert isinstance(server_of(replica), RequestIdMiddleware)
    assert "decisions go through Ray's replica" in caplog.text


def test_ray_still_has_what_decisions_are_counted_by() -> None:
    assert {"inc_num_ongoing_requests", "dec_num_ongoing_requests"} <= set(dir(ReplicaMetricsManager))
    assert {"_metrics_manager", "_user_callable_wrapper"} <= set(Replica.__init__.__code__.co_names)
    assert "_direct_ingress_asgi" in dir(Replica)


def test_the_proxys_environment_names_what_ray_puts_in_front(tmp_path: Path) -> None:
    place = place_of(tmp_path / "data")
    place.prepare()
    environment = ingress_environment(place, TcpPorts(*range(8000, 8010)), "/bin/echo")
    assert import_attr(environment["RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"]) is middlewares


async def test_the_gateway_puts_the_id_on_an_answer_that_nothing_else_sees() -> None:
    service = Service()
    told = list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": DECISIONS, "headers": [(b"x-request-id", b"r-1")]}
    await service.gateway.answer(scope, receive, send, tells_request_id=False)
    await service.gateway.answer(scope, receive, send, tells_request_id=True)
    heads = [dict(message["headers"]) for message in told if "headers" in message]
    assert [head.get(b"x-request-id") for head in heads] == [None, b"r-1"]


async def test_decisions_that_are_over_make_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_of_serve, "MOST_AT_ONCE", 1)
    replica = RaysReplica()
    deciding = Deciding(replica._metrics_manager, OSError())
    decide_ahead(deciding)
    server = server_of(replica)
    for _ in range(3):
        with pytest.raises(OSError):
            await ask(server)
    assert (len(deciding.asked), replica.asked) == (3, [])


async def test_a_count_that_refuses_leaves_nothing_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead_of_serve, "MOST_AT_ONCE", 1)
    replica = RaysReplica()
    count, deciding = replica._metrics_manager, Deciding(replica._metrics_manager)
    decide_ahead(deciding)
    server = server_of(replica)
    with monkeypatch.context() as patched:
        patched.setattr(count, "ongoing", None)
        with pytest.raises(TypeError):
            await ask(server)
    await ask(server)
    assert deciding.asked == [DECISIONS]


def test_ray_counts_a_decision_as_a_request_over_its_own_server() -> None:
    assert (DECISION.is_direct_ingress, DECISION.is_http_request) == (True, True)
