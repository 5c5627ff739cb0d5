"""The RayService's own configuration and environment on a local Ray: the commands of its pods, in a folder of their own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
import yaml

from hitl.cli.commands import accounts
from hitl.identity import Role
from tests.free_ports import free_port
from tests.running import ROOT
from tests.valkey_process import ValkeyProcess

pytestmark = pytest.mark.wide

SERVICE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "base" / "rayservice.yaml").read_text())
HEAD: dict[str, Any] = SERVICE["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]["containers"][0]
READY_WITHIN_S = 150.0
METRICS_WITHIN_S = 90.0
TOLD = (
    "ray_hitl_cases_total",
    "ray_hitl_decision_seconds_bucket",
    "ray_hitl_journal_commits_total",
    "ray_hitl_queue_depth",
    "ray_hitl_shard_serving",
    "ray_hitl_commands_waiting",
)
"""One of each kind, of gateway, shard and keeper."""

PLACES = ("/data", "/shared", "/run/secrets/hitl", "/etc/hitl/tasks")
"""Where the pod's volumes are; here they are folders below one."""


def own_environment(root: Path, http_port: int) -> dict[str, str]:
    """The environment of the pod's container, with its places below ``root`` and what the image and KubeRay add."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HITL_", "RAY_", "MLFLOW_"))}
    pod = {each["name"]: _moved(str(each["value"]), root) for each in HEAD["env"]}
    address = f"http://127.0.0.1:{http_port}"
    ours = {"HITL_SECRETS_DIR": str(root / "run/secrets/hitl"), "HITL_API_URL": address, "PYTHONPATH": str(ROOT)}
    programs = f"{ROOT / 'deploy' / 'image'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    one_machine = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_SERVE_PROXY_PREFER_LOCAL_NODE_ROUTING": "0"}
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "a" * 64}
    return {**kept, **pod, **ours, **one_machine, **token, "PATH": programs}


def _moved(value: str, root: Path) -> str:
    for place in PLACES:
        value = value.replace(place, f"{root}{place}")
    return value


@pytest.fixture
def pod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], ValkeyProcess, int]]:
    """A pod's file system with its secrets and its store."""
    root = tmp_path_factory.mktemp("p")
    for place in (*PLACES, "/store"):
        (root / place.lstrip("/")).mkdir(parents=True)
    store = ValkeyProcess(root / "store")
    store.start()
    secrets = root / "run/secrets/hitl"
    (secrets / "HITL_REDIS_URL").write_text(store.url)
    (secrets / "master_key").write_text("11" * 32)
    (secrets / "signing_key").write_text("22" * 32)
    (root / "etc/hitl/tasks/digits.yaml").write_text((ROOT / "deploy/kubernetes/base/files/digits.yaml").read_text())
    port = free_port()
    yield root, own_environment(root, port), store, port
    store.kill()


def test_the_pods_command_serves_the_services_own_configuration(pod: tuple[Path, dict[str, str], ValkeyProcess, int]) -> None:
    root, environment, store, http_port = pod
    gcs, dashboard, client, metrics = (free_port() for _ in range(4))
    started = f"ray start --head --block --port={gcs} --dashboard-host=127.0.0.1 --dashboard-port={dashboard} --num-cpus=2"
    environment["KUBERAY_GEN_RAY_START_CMD"] = (
        f"{started} --dashboard-agent-listen-port={client} --metrics-export-port={metrics}"
        f" --disable-usage-stats --temp-dir={root}/t"
    )
    with (root / "ray.log").open("wb") as log:
        node = subprocess.Popen(HEAD["command"], env=environment, cwd=root, stdout=log, stderr=log, start_new_session=True)
    try:
        config = yaml.safe_load(SERVICE["spec"]["serveConfigV2"])
        config["http_options"]["port"] = http_port
        _deploy(config, root, environment, f"http://127.0.0.1:{dashboard}", node)
        url = _reachable(http_port)
        _until_ready(url, node)
        key = accounts.issue_one(store.url, "shop", [Role.CLIENT])["shop"]
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "first"}
        asked = httpx2.post(f"{url}/v1/tasks/digits/decisions", json={"features": [0] * 64}, headers=headers, timeout=60)
        assert asked.status_code == 202, asked.text
        assert list((root / "shared").rglob("*")), "the archive lies in the shared volume"
        _until_told(f"http://127.0.0.1:{metrics}/metrics", node)
    finally:
        _end_all(environment["HITL_SECRETS_DIR"])
        node.wait(30)


def _end_all(secrets: str) -> None:
    """End every process of the pod, which has this in its environment: HAProxy and the workers have sessions of their own."""
    ours = [each for each in psutil.process_iter() if _environment_of(each).get("HITL_SECRETS_DIR") == secrets]
    for each in ours:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(ours, 30)


def _environment_of(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}


def _deploy(
    config: dict[str, Any], root: Path, environment: dict[str, str], dashboard: str, node: "subprocess.Popen[bytes]"
) -> None:
    """As KubeRay's operator does: PUT of the whole configuration, again until the dashboard takes it."""
    headers = {"Authorization": f"Bearer {environment['RAY_AUTH_TOKEN']}"}
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        assert node.poll() is None, (root / "ray.log").read_text()[-3000:]
        try:
            answer = httpx2.put(f"{dashboard}/api/serve/applications/", content=json.dumps(config), headers=headers, timeout=60)
        except httpx2.TransportError:
            time.sleep(0.5)
            continue
        assert answer.status_code < 400 or answer.status_code >= 500, answer.text
        if answer.status_code < 300:
            return
        time.sleep(1)
    pytest.fail("the configuration was not taken")


def _until_told(metrics: str, node: "subprocess.Popen[bytes]") -> None:
    """Ray's port has these metrics by the names that the alert rules and the dashboard know."""
    deadline, told = time.monotonic() + METRICS_WITHIN_S, ""
    while not all(f"\n{name}{{" in told for name in TOLD):
        assert node.poll() is None
        assert time.monotonic() < deadline, [name for name in TOLD if f"\n{name}{{" not in told]
        time.sleep(1)
        told = httpx2.get(metrics, timeout=10).text


def _reachable(port: int) -> str:
    """The service by an address that is not loopback: what another pod would call."""
    told = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    return f"http://{told[0] if told else '127.0.0.1'}:{port}"


def _until_ready(url: str, node: "subprocess.Popen[bytes]") -> None:
    deadline, told = time.monotonic() + READY_WITHIN_S, ""
    while time.monotonic() < deadline:
        assert node.poll() is None
        try:
            answer = httpx2.get(f"{url}/ready", timeout=10)
            told = answer.text
            if answer.status_code == 200 and "ready" in told:
                return
        except httpx2.TransportError as error:
            told = repr(error)
        time.sleep(0.5)
    pytest.fail(f"not ready: {told}")
