"""The proxy in front of the replicas listens where it was told to, and nowhere else."""

import subprocess
from pathlib import Path

import pytest
from ray.serve._private.haproxy import HAProxyConfig
from ray.serve.config import HTTPOptions
from uvicorn import Config

from hitl.cli.local.haproxy import SILENT_S, haproxy_binary, ingress_environment
from hitl.cli.local.place import place_of
from hitl.cli.local.tcp_ports import TcpPorts

PORTS = TcpPorts(*range(8000, 8010))
AS_RAY_WRITES = """\
    stats socket /tmp/a.sock mode 666 level admin
    timeout server 120s
    errorfile 503 /tmp/500.http
frontend prometheus
    bind :9101
frontend http_frontend
    bind 0.0.0.0:8000
backend default_backend
    http-request return status 404 content-type text/plain lf-string "Path \'%[path]\' not found. Ping http://.../-/routes"
backend gateway
  bind *:8404
"""


@pytest.fixture
def closed(tmp_path: Path) -> str:
    """Ray's configuration after the wrapper has started a binary with it."""
    return started_with(AS_RAY_WRITES, tmp_path)


def started_with(text: str, tmp_path: Path) -> str:
    place = place_of(tmp_path / "data")
    place.prepare()
    config = tmp_path / "haproxy.cfg"
    config.write_text(text)
    wrapper = ingress_environment(place, PORTS, "/bin/echo")["RAY_SERVE_HAPROXY_BINARY_PATH"]
    said = subprocess.run([wrapper, "-db", "-f", str(config)], check=True, capture_output=True, text=True).stdout
    assert said == f"-db -f {config}\n"
    return config.read_text()


def test_statistics_and_metrics_are_for_this_machine_alone(closed: str) -> None:
    assert "bind 127.0.0.1:8404" in closed
    assert "bind 127.0.0.1:9101" in closed


def test_the_front_end_listens_where_the_setting_says(closed: str) -> None:
    assert "bind 0.0.0.0:8000" in closed


def test_a_front_end_for_all_interfaces_stays_open_and_nothing_else_does(tmp_path: Path) -> None:
    """Ray writes an asterisk where the host is 0.0.0.0, as it must be in a pod."""
    assert HAProxyConfig(http_options=HTTPOptions(host="0.0.0.0")).frontend_host == "*"
    closed = started_with(AS_RAY_WRITES.replace("0.0.0.0:8000", "*:8000"), tmp_path)
    assert [line.strip() for line in closed.splitlines() if "bind " in line] == [
        "bind 127.0.0.1:9101",
        "bind *:8000",
        "bind 127.0.0.1:8404",
    ]


def test_decisions_alone_are_awaited_without_watching_their_connection(closed: str) -> None:
    lines = [line.strip() for line in closed.splitlines()]
    at = lines.index("bind 0.0.0.0:8000")
    assert lines[at + 1 : at + 3] == [
        "http-request set-header x-request-disconnect-disabled ?1 if { path_beg /v1/tasks/ }",
        "http-request set-header x-request-timeout-seconds 0 if { path_beg /v1/tasks/ }",
    ]
    assert closed.count("set-header") == 2


def test_a_live_socket_that_carries_nothing_is_let_go(closed: str) -> None:
    """Also the side of a client that never ends it, which the proxy would hold for as long as a socket may stay open."""
    lines = [line.strip() for line in closed.splitlines()]
    assert lines[lines.index("timeout server 120s") + 1] == "timeout tunnel 45s"
    assert 2 * Config("").ws_ping_interval < SILENT_S


def test_the_admin_socket_is_for_its_owner_alone(closed: str) -> None:
    assert "mode 600 level admin" in closed


def test_what_no_replica_answers_is_a_problem_with_retry_after(closed: str) -> None:
    file = next(line.split()[2] for line in closed.splitlines() if "errorfile 503" in line)
    answer = Path(file).read_text()
    assert answer.startswith("HTTP/1.1 503 ")
    assert "retry-after: 1" in answer
    assert "application/problem+json" in answer


def test_a_path_is_never_unknown_only_because_no_application_is_ready(closed: str) -> None:
    answer = next(line.split()[2] for line in closed.splitlines() if "errorfile 503" in line)
    assert f"    http-request return status 503 errorfile {answer}\n" in closed
    assert "not found" not in closed


def test_haproxy_itself_takes_that_answer(closed: str, tmp_path: Path) -> None:
    binary = haproxy_binary()
    if binary is None:
        pytest.skip("there is no HAProxy here")
    answer = next(line for line in closed.splitlines() if "http-request return" in line)
    config = tmp_path / "small.cfg"
    waits = "".join(f"  timeout {side} 1s\n" for side in ("client", "server", "connect"))
    config.write_text(f"defaults\n  mode http\n{waits}frontend f\n  bind 127.0.0.1:1\nbackend default_backend\n{answer}\n")
    checked = subprocess.run([binary, "-c", "-f", str(config)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
