"""A Ray cluster on this machine with the product on it, in a process of its own that is told what to do line by line.

python -m tests.cluster.nodes_process PLAN    # {"temp_dir", "port", "args"}, "worker_environments": one for each further node

Its environment is node 0's; Ray reads what it wants of it when it is imported. It answers each line with one line of JSON:
``where`` with the living actors, as {"name", "class", "node", "pid"}, nodes from 0; ``remove`` once node 1 is dead, with all its
processes; ``redeploy ARGS`` once the product runs with these arguments as well. The end of its input ends it and everything
that it started.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, TextIO

import ray
from ray._private.state import actors
from ray.cluster_utils import Cluster
from ray.exceptions import RayError

from hitl.cli.local.child import adopt_orphans, end_all, end_orphans
from hitl.cli.local.deploy import deploy

CPUS = 2
"""Logical ones of each node: more than everything asks for together, so that one node can take it all; and as many processes
as Ray starts at a time."""

ATTEMPTS = 3

SWEEP_S = 45.0
"""A dying node still has workers on the way: on a machine without a free core ten seconds left two behind."""

STORE_BYTES = 80 * 2**20


class Nodes:
    """Node 0 has Ray's head and the driver; node 1, where it is the only other one, may die."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._cluster = Cluster()
        self._add(temp_dir=plan["temp_dir"], include_dashboard=False)
        for environment in plan.get("worker_environments", []):
            os.environ.update(environment)
            self._add()
        self._ids = [self._cluster.head_node.node_id, *(node.node_id for node in self._cluster.worker_nodes)]
        ray.init(address=self._cluster.address, namespace="hitl", log_to_driver=False)
        self._plan = {"host": "127.0.0.1", "port": plan["port"], "args": plan["args"]}
        _deploy(self._plan)

    def redeploy(self, args: str) -> bool:
        """As ``serve deploy`` of a changed file."""
        self._plan["args"] |= json.loads(args)
        _deploy(self._plan)
        return True

    def where(self) -> list[dict[str, Any]]:
        found = [actor for actor in actors().values() if actor["State"] == "ALIVE"]
        return [
            {"name": actor["Name"], "class": actor["ActorClassName"], "node": self._node(actor), "pid": actor["Pid"]}
            for actor in found
        ]

    def remove(self) -> bool:
        """As the loss of its machine: Ray ends Ray's own, and what they had started goes with them."""
        (node,) = self._cluster.worker_nodes
        pids = [actor["pid"] for actor in self.where() if actor["node"] == 1] + _mentioning(self._ids[1])
        self._cluster.remove_node(node, allow_graceful=False)
        end_all(pids)
        while late := _mentioning(self._ids[1]):  # started between the look and the end
            end_all(late)
        return True

    def close(self) -> None:
        ray.shutdown()
        self._cluster.shutdown()

    def _add(self, **more: Any) -> None:
        self._cluster.add_node(num_cpus=CPUS, object_store_memory=STORE_BYTES, **more)

    def _node(self, actor: dict[str, Any]) -> int:
        return self._ids.index(actor["Address"]["NodeID"])


def _deploy(plan: dict[str, Any]) -> None:
    """As the product's supervisor does: again, when Serve gave up waiting for a part on a busy machine."""
    for attempt in range(ATTEMPTS):
        try:
            return deploy(plan)
        except (RayError, TimeoutError):
            if attempt == ATTEMPTS - 1:
                raise


def _mentioning(node_id: str) -> list[int]:
    """What runs on a file of this node: its HAProxy."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if node_id in _command(pid)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def main(plan_file: str) -> None:
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what Ray prints goes to the log
    try:
        _obey(Nodes(json.loads(Path(plan_file).read_text())), answers)
    finally:
        end_orphans(SWEEP_S)


def _obey(nodes: Nodes, answers: TextIO) -> None:
    """Until the end of the input."""
    print(json.dumps("ready"), file=answers)
    for line in sys.stdin:
        what, *arguments = line.strip().split(" ", 1)
        print(json.dumps(getattr(nodes, what)(*arguments)), file=answers)
    nodes.close()


if __name__ == "__main__":
    main(sys.argv[1])
