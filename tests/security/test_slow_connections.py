"""Connections that send half a header and wait: the proxy closes them, and nobody who waits for an answer is cut off."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from hitl.cli.local.haproxy import ClientPatience, haproxy_binary, ingress_environment
from hitl.cli.local.place import place_of
from hitl.cli.local.tcp_ports import TcpPorts
from tests.free_ports import free_port

HEADER_S, IDLE_S, ANSWER_S = 0.4, 0.8, 1.5
CONFIG = """\
defaults
    mode http
    timeout connect 5s
    timeout client 3600s
    timeout server 60s
frontend http_frontend
    bind 127.0.0.1:{port}
    default_backend replicas
backend replicas
    server one 127.0.0.1:{replica}
"""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
ASK = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


def answer_late(server: socket.socket) -> None:
    """A replica whose every answer takes longer than headers and idle connections may."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.recv(4096)
        sleep(ANSWER_S)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nlate")
        connection.close()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of HAProxy as the wrapper starts it, before one slow replica."""
    if (binary := haproxy_binary()) is None:
        pytest.skip("there is no HAProxy here")
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    place = place_of(folder / "data")
    place.prepare()
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=answer_late, args=(server,), daemon=True).start()
        config = folder / "haproxy.cfg"
        config.write_text(CONFIG.format(port=port, replica=server.getsockname()[1]))
        made = ingress_environment(place, TcpPorts(*range(8000, 8010)), binary, ClientPatience(HEADER_S, IDLE_S))
        process = subprocess.Popen([made["RAY_SERVE_HAPROXY_BINARY_PATH"], "-db", "-f", str(config)], cwd=Path("/"))
        try:
            wait_for(port)
            yield port
        finally:
            process.kill()
            process.wait()


def wait_for(port: int) -> None:
    until = monotonic() + 10
    while monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            sleep(0.05)


def answer_to(port: int, *parts: bytes) -> tuple[bytes, float]:
    """What comes until the proxy closes, and the seconds from the last part until then."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        for part in parts:
            connection.sendall(part)
        start, found = monotonic(), b""
        while more := connection.recv(4096):
            found += more
        return found, monotonic() - start


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\nhost: a\r\nx-a: ", b"GET /", b"POST / HTTP/1.1\r\ncontent-length: 5\r\n"])
def test_half_a_header_is_closed_in_time(proxy: int, begun: bytes) -> None:
    answer, took_s = answer_to(proxy, begun)
    assert answer.startswith(b"HTTP/1.1 408")
    assert took_s < ANSWER_S


def test_a_connection_that_says_nothing_is_closed_too(proxy: int) -> None:
    assert answer_to(proxy)[1] < ANSWER_S


def test_an_answer_may_take_longer_and_then_the_idle_connection_ends(proxy: int) -> None:
    answer, took_s = answer_to(proxy, ASK)
    assert answer.endswith(b"late")
    assert ANSWER_S < took_s < ANSWER_S + IDLE_S + 2


def test_no_second_protocol_is_spoken(proxy: int) -> None:
    assert answer_to(proxy, PREFACE)[0].startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))


def test_a_place_waits_five_seconds_for_a_header() -> None:
    assert ClientPatience() == (5.0, 60.0)
