"""The product on one node or more of this machine, each with its share of processors, so that its parts spread over them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ray.util import get_node_ip_address

from hitl.cli.commands import accounts
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import choose_ports
from hitl.cli.local.up_file import UP, UpState
from hitl.identity import Role
from tests.cluster.two_nodes import PASSWORD, TwoNodes, _end, _environment, _keep_logs, _start, _worker_environment
from tests.measure.mlflow_server import mlflow_server
from tests.running import ACCOUNTS, ROOT
from tests.valkey_process import ValkeyProcess
from tests.without_undo import write_without_undo

GATEWAY_CPUS, REVIEW_CPUS = 1.0, 0.5
"""What replicas ask Ray for, in shares of the two that a node has: a second gateway beside a first and a review replica has no
room."""

REVIEWERS = 32
PEOPLE: dict[str, tuple[Role, ...]] = {f"person-{n}": (Role.REVIEWER, Role.EXPERT) for n in range(REVIEWERS)}
"""Accounts that claim and answer: each may make twenty requests a second."""


@dataclass(frozen=True)
class ScaleNodes(TwoNodes):
    """``urls`` are those of each node's proxy; ``url`` is the first. ``partitions`` is as many as there are nodes."""

    urls: tuple[str, ...] = ()

    @property
    def partitions(self) -> int:
        return len(self.urls)

    def actors(self) -> dict[int, str]:
        """The names of the living actors by their pid."""
        return {actor["pid"]: actor["name"] for actor in self.tell("where")}

    def parts_by_node(self) -> list[dict[str, int]]:
        """How many of each kind of actor live on each node."""
        found: list[dict[str, int]] = [{} for _ in self.urls]
        for actor in self.tell("where"):
            name = "review shard" if actor["name"].startswith("review-") else actor["class"].rpartition(":")[2]
            found[actor["node"]][name] = found[actor["node"]].get(name, 0) + 1
        return found


@contextmanager
def scale_nodes(folder: Path, count: int) -> Iterator[ScaleNodes]:
    """The product on ``count`` nodes with as many partitions, gateways and review replicas, a store and an MLflow beside them,
    ended with all that it started."""
    place, address = place_of(folder / "data"), get_node_ip_address()
    place.prepare()
    (folder / "store").mkdir()
    (place.ray_temp / "ray").mkdir(exist_ok=True)
    store = ValkeyProcess(folder / "store", f"--bind 127.0.0.1 {address} --requirepass {PASSWORD}", has_own_session=True)
    store.start()
    try:
        with mlflow_server(place.mlflow, address) as mlflow, _started(place, folder, count, store, mlflow) as nodes:
            nodes.keys.update(accounts.issue_all(nodes.state.redis_url, {**ACCOUNTS, **PEOPLE}))
            yield nodes
    finally:
        store.kill()
        _keep_logs(place.ray_temp, folder)
        shutil.rmtree(place.runtime, ignore_errors=True)


@contextmanager
def _started(place: DataLayout, folder: Path, count: int, store: ValkeyProcess, mlflow: str) -> Iterator[ScaleNodes]:
    tasks = write_without_undo(ROOT / "configs" / "tasks", folder / "tasks")
    ports = [choose_ports(folder / f"ports-{n}.json", "127.0.0.1", 0) for n in range(count)]
    urls = tuple(f"http://127.0.0.1:{each.http}" for each in ports)
    redis_url = f"redis://:{PASSWORD}@{get_node_ip_address()}:{store.port}/0"
    state = UpState(UP, 0, urls[0], mlflow, "", redis_url, f"file://{place.artifacts}", {}, {"store": {"pid": store.pid}})
    plan = {"temp_dir": str(place.ray_temp), "port": ports[0].http, "args": _args(state, folder, tasks, count)}
    plan["worker_environments"] = [_worker_environment(place, ports[0], each) for each in ports[1:]]
    (folder / "plan.json").write_text(json.dumps(plan))
    process = _start(folder, _environment(place, ports[0]))
    try:
        found = ScaleNodes(place, {}, process, replace(state, pid=process.pid), urls)
        if found.heard() != "ready":
            raise RuntimeError(f"the nodes did not start: {folder / 'nodes.log'}")
        yield found
    finally:
        _end(process)


def _args(state: UpState, folder: Path, tasks: Path, count: int) -> dict[str, Any]:
    """Figures are kept below ``folder``."""
    return {
        "redis_url": state.redis_url,
        "mlflow_tracking_uri": state.mlflow_url,
        "artifact_uri": state.artifact_uri,
        "archive_uri": f"file://{folder / 'data' / 'archive'}",
        "projections_dir": str(folder / "data" / "projections"),
        "tasks_dir": str(tasks),
        "partitions": count,
        "gateway_replicas": count,
        "review_replicas": count,
        "gateway_cpus": GATEWAY_CPUS,
        "review_cpus": REVIEW_CPUS,
        "master_key": "00" * 32,
        "api_url": state.url,
    }
