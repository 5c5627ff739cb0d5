"""The product on two nodes, for tests: a store and folders that both reach, and a load balancer before their two proxies."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ray.util import get_node_ip_address

from hitl.cli.commands import accounts
from hitl.cli.local.haproxy import haproxy_binary, ingress_environment
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import TcpPorts, choose_ports
from hitl.cli.local.up_file import UP, UpState
from hitl.client import Client
from hitl.identity import Role
from tests.cluster.balancer import Balancer
from tests.load import PATIENCE
from tests.running import ACCOUNTS, ROOT, Running
from tests.valkey_process import ValkeyProcess

GATEWAYS = PREDICTORS = REVIEWS = 2
PARTITIONS = 4
"""With the actor of the control plane, five actors of shards: Ray spreads them over both nodes."""

PASSWORD = "a-password-of-the-tests"
OWN = ("http", "proxy_statistics", "proxy_metrics")
"""Ports of which each node needs its own, since both are this machine."""

PATIENT_RAY = {"RAY_worker_register_timeout_seconds": "300", "RAY_health_check_timeout_ms": "120000"}
"""Two nodes start some forty processes on one machine: whoever waits for a core is no dead node and no hanging worker. A node
that is gone refuses connections, and is found at once."""


@dataclass(frozen=True)
class TwoNodes(Running):
    """``url`` is the balancer's."""

    process: subprocess.Popen[str]
    here: UpState

    @property
    def state(self) -> UpState:
        return self.here

    def as_(self, account: str) -> Client:
        return Client(self.url, self.keys[account], PATIENCE)

    def tell(self, what: str) -> Any:
        """What the process answers to ``where`` or ``remove``."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.heard()

    def heard(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the nodes ended: see nodes.log"
        return json.loads(line)

    def on(self, node: int, name: str) -> list[str]:
        """The names of the living actors of ``node`` whose class begins with ``name``."""
        return [actor["name"] for actor in self.tell("where") if actor["node"] == node and actor["class"].startswith(name)]


@contextmanager
def two_nodes(folder: Path) -> Iterator[TwoNodes]:
    """The product on two nodes, ended with everything that it started."""
    place, address = place_of(folder / "data"), get_node_ip_address()
    place.prepare()
    (folder / "store").mkdir()
    (place.ray_temp / "ray").mkdir(exist_ok=True)
    store = ValkeyProcess(folder / "store", f"--bind 127.0.0.1 {address} --requirepass {PASSWORD}")
    first = choose_ports(place.ports_file, "127.0.0.1", 0)
    second = choose_ports(folder / "second.json", "127.0.0.1", 0)
    balancer = Balancer([("127.0.0.1", first.http), ("127.0.0.1", second.http)])
    url = f"redis://:{PASSWORD}@{address}:{store.port}/0"
    state = UpState(UP, 0, balancer.url, "", "", url, f"file://{place.artifacts}", {})
    plan = {"temp_dir": str(place.ray_temp), "port": first.http, "args": _args(state, folder, address)}
    plan["worker_environments"] = [_worker_environment(place, first, second)]
    (folder / "plan.json").write_text(json.dumps(plan))
    store.start()
    process = _start(folder, _environment(place, first))
    try:
        found = TwoNodes(place, {}, process, state)
        assert found.heard() == "ready"
        found.keys.update(accounts.issue_all(url, {**ACCOUNTS, "root": (Role.ADMIN,)}))
        yield found
    finally:
        _end(process)
        store.kill()
        balancer.close()
        _keep_logs(place.ray_temp, folder)
        shutil.rmtree(place.runtime, ignore_errors=True)


def _keep_logs(ray_temp: Path, folder: Path) -> None:
    """Serve's logs of both nodes, beside ``nodes.log``: they say why a node was not there."""
    for serve in ray_temp.glob("session_2*/logs/serve"):
        shutil.copytree(serve, folder / "serve", dirs_exist_ok=True)


def _args(state: UpState, folder: Path, address: str) -> dict[str, Any]:
    """Nobody listens where MLflow should be: nothing that serves depends on it."""
    return {
        "redis_url": state.redis_url,
        "mlflow_tracking_uri": f"http://{address}:1",
        "artifact_uri": state.artifact_uri,
        "archive_uri": f"file://{folder / 'data' / 'archive'}",
        "snapshot_minutes": 0.05,
        "partitions": PARTITIONS,
        "gateway_replicas": GATEWAYS,
        "predictor": "deployment",
        "predictor_replicas": PREDICTORS,
        "review_replicas": REVIEWS,
        "master_key": "00" * 32,
        "api_url": state.url,
    }


def _environment(place: DataLayout, ports: TcpPorts) -> dict[str, str]:
    """What Ray's processes of a node need, as the product gives it to them on one machine."""
    place.secret(place.ray_token)
    binary = haproxy_binary()
    return {
        **(ingress_environment(place, ports, binary) if binary else {}),
        "RAY_TMPDIR": str(place.ray_temp),  # where Ray notes the newest cluster: nobody else's driver must find this one
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(place.ray_token),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        **PATIENT_RAY,
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    }


def _worker_environment(place: DataLayout, first: TcpPorts, second: TcpPorts) -> dict[str, str]:
    """That of a further node, where Ray knows the ports that two proxies of one machine cannot share."""
    mine = replace(first, **{name: getattr(second, name) for name in OWN})
    return {**_environment(place, mine), "RAY_SERVE_WORKER_PROXY_HTTP_PORT": str(second.http)}


def _start(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "tests.cluster.nodes_process", str(folder / "plan.json")]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (folder / "nodes.log").open("w") as log:
        whole = {**os.environ, **environment}
        return subprocess.Popen(argv, cwd=ROOT, env=whole, text=True, stderr=log, start_new_session=True, **pipes)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(120)
