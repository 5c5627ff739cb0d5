"""What listens, and who may talk to it: the table in README, compared with the sockets of the running product."""

import json
import re
import subprocess
from collections import defaultdict

import httpx2
import pytest

from hitl.cli.local.child import in_session
from tests.running import ROOT, Running

pytestmark = pytest.mark.service

LOOPBACK = {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"}
SERVICE, STORE, MLFLOW = "the service (HTTP)", "Valkey", "MLflow"
RAY, METRICS = "Ray (GCS, raylet, dashboard, jobs)", "Ray's metrics"
INGRESS = "HAProxy's statistics, metrics and fallback, each replica's HTTP port"
BETWEEN = "each Serve replica's own port between deployments"
ROW_OF_PORT = {
    "http": SERVICE,
    "metrics": METRICS,
    "proxy_statistics": INGRESS,
    "proxy_metrics": INGRESS,
    "fallback_proxy": INGRESS,
}
REPLICA_PORTS = range(30_000, 31_000)
"""Where Serve takes the HTTP ports of replicas from."""

LINE = re.compile(r"LISTEN +\d+ +\d+ +(\S+):(\d+) +\S+ +users:\((.*)\)")


def _promised() -> dict[str, str]:
    """README's rows: what listens, and where."""
    table = (ROOT / "README.md").read_text().split("## What listens where")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")][2:]
    return {row[0].strip(): row[1].strip() for row in rows}


def _listening(service: Running) -> dict[str, set[str]]:
    """The addresses that ``ss`` shows for this product's processes, by the row of README that they belong to."""
    parts = {name: set(in_session(part["pid"])) for name, part in service.state.parts.items() if part["pid"]}
    told = subprocess.run(["ss", "-H", "-t", "-l", "-n", "-p"], capture_output=True, text=True, check=True).stdout
    found = defaultdict(set)
    for address, port, users in LINE.findall(told):
        pids = {int(pid) for pid in re.findall(r"pid=(\d+)", users)}
        for part in (name for name, mine in parts.items() if mine & pids):
            found[_row(service, part, address, int(port), pids)].add(address.split("%")[0])
    return found


def _row(service: Running, part: str, address: str, port: int, pids: set[int]) -> str:
    ports = json.loads(service.place.ports_file.read_text())
    name = next((name for name, number in ports.items() if number == port), "")
    if name in ROW_OF_PORT:
        return ROW_OF_PORT[name]
    if part == "ray" and pids & set(service.processes("ray::ServeReplica")):
        return INGRESS if port in REPLICA_PORTS and address in LOOPBACK else BETWEEN
    return {"valkey": STORE, "mlflow": MLFLOW, "ray": RAY}[part]


def test_what_listens_is_what_readme_says(service: Running) -> None:
    promised, found = _promised(), _listening(service)
    assert found.keys() == promised.keys()
    for row, where in promised.items():
        assert found[row] <= LOOPBACK or where.startswith("all interfaces"), (row, found[row])


def test_every_port_of_the_product_is_looked_at(service: Running) -> None:
    ports = json.loads(service.place.ports_file.read_text())
    told = subprocess.run(["ss", "-H", "-t", "-l", "-n"], capture_output=True, text=True, check=True).stdout
    listening = {int(line.split()[3].rpartition(":")[2]) for line in told.splitlines()}
    assert set(ports.values()) <= listening


def test_the_ray_dashboard_wants_the_token(service: Running) -> None:
    assert httpx2.get(f"{service.state.dashboard_url}/api/jobs/", timeout=60).status_code in (401, 403)


@pytest.mark.covers("003-81")
def test_health_and_readiness_answer_without_a_key(service: Running) -> None:
    assert httpx2.get(f"{service.url}/health", timeout=60).json() == {"status": "ok"}
    assert httpx2.get(f"{service.url}/ready", timeout=60).json() == {"status": "ready"}


def test_a_second_up_finds_the_first(service: Running) -> None:
    before = service.state.pid
    assert "found the running service" in service.command("up", "--detach").stdout
    assert service.state.pid == before
