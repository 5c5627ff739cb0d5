"""Two Ray clusters of one installation, for tests: one store, one archive, and a balancer that turns from one to the other."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from hitl.cli.commands import accounts
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import TcpPorts, choose_ports
from hitl.cli.local.up_file import UP, UpState
from hitl.client import Client
from tests.cluster.balancer import Balancer
from tests.cluster.two_nodes import _end, _environment, _keep_logs, _start
from tests.load import PATIENCE
from tests.running import ACCOUNTS, Running
from tests.valkey_process import ValkeyProcess

LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class Installation(Running):
    """``url`` is the balancer's; ``place`` holds the archive of all clusters."""

    folder: Path
    here: UpState
    balancer: Balancer
    ports: dict[str, TcpPorts] = field(default_factory=dict)

    @property
    def state(self) -> UpState:
        return self.here

    def as_(self, account: str) -> Client:
        return Client(self.url, self.keys[account], PATIENCE)

    def ports_of(self, name: str) -> TcpPorts:
        """The ports that a cluster has, or will have: chosen once, since one that runs holds them."""
        place = place_of(self.folder / name)
        place.prepare()
        if name not in self.ports:
            self.ports[name] = choose_ports(place.ports_file, "127.0.0.1", 0)
        return self.ports[name]

    @contextmanager
    def cluster(self, name: str) -> Iterator[None]:
        """A cluster of this installation whose applications run. It is ended as a deleted one is."""
        place, ports = place_of(self.folder / name), self.ports_of(name)
        (place.ray_temp / "ray").mkdir(exist_ok=True)
        plan = {"temp_dir": str(place.ray_temp), "port": ports.http, "args": self._args()}
        (place.data_dir / "plan.json").write_text(json.dumps(plan))
        process = _start(place.data_dir, _environment(place, ports))
        try:
            _until_ready(process, place)
            yield
        finally:
            _end(process)
            _keep_logs(place.ray_temp, place.data_dir)
            shutil.rmtree(place.runtime, ignore_errors=True)

    def _args(self) -> dict[str, Any]:
        return {
            "redis_url": self.here.redis_url,
            "artifact_uri": self.here.artifact_uri,
            "archive_uri": f"file://{self.place.data_dir / 'archive'}",
            "snapshot_minutes": 0.05,
            "master_key": "00" * 32,
            "api_url": self.here.url,
        }


def _until_ready(process: "subprocess.Popen[str]", place: DataLayout) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (place.data_dir / "nodes.log").read_text()[-3000:]


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """A store and a balancer, and no cluster yet."""
    place = place_of(folder / "shared")
    place.prepare()
    (folder / "store").mkdir()
    store = ValkeyProcess(folder / "store")
    with ExitStack() as ending:
        store.start()
        ending.callback(store.kill)
        balancer = Balancer([])
        ending.callback(balancer.close)
        state = UpState(UP, 0, balancer.url, "", "", store.url, f"file://{place.artifacts}", {})
        yield Installation(place, accounts.issue_all(store.url, ACCOUNTS), folder, state, balancer)


@dataclass
class Watched:
    """The moments at which a cluster said that it can answer, by its port."""

    ready: dict[int, list[float]] = field(default_factory=dict)

    def gap_s(self, first: int, second: int) -> float:
        """Between the last time that ``first`` could answer and the first time that ``second`` could, after that."""
        last = max(self.ready[first])
        return max(0.0, min(at for at in self.ready[second]) - last)


@contextmanager
def watching(*ports: int) -> Iterator[Watched]:
    """Look at all of them until the end."""
    found, stop = Watched({port: [] for port in ports}), threading.Event()

    def look(port: int) -> None:
        while not stop.wait(LOOK_EVERY_S):
            try:
                if httpx2.get(f"http://127.0.0.1:{port}/ready", timeout=5).status_code == 200:
                    found.ready[port].append(time.monotonic())
            except httpx2.TransportError:
                continue

    lookers = [threading.Thread(target=look, args=(port,), daemon=True) for port in ports]
    for each in lookers:
        each.start()
    try:
        yield found
    finally:
        stop.set()
        for each in lookers:
            each.join(10)
