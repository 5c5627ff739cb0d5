"""Three nodes of a real cluster on loopback, with a password and with the durability that the product runs a store with."""

import time
from pathlib import Path
from typing import Any

from redis import Redis

from tests.free_ports import free_port
from tests.valkey_process import ValkeyProcess

NODES, SLOTS = 3, 16_384
PASSWORD = "a-password-of-the-tests"
TERMS = f"--cluster-enabled yes --requirepass {PASSWORD} --masterauth {PASSWORD}"


class ValkeyCluster:
    def __init__(self, folder: Path) -> None:
        self._buses = [free_port() for _ in range(NODES)]
        self.nodes = [ValkeyProcess(_made(folder / str(n)), f"{TERMS} --cluster-port {bus}") for n, bus in enumerate(self._buses)]
        self.url = f"redis+cluster://:{PASSWORD}@127.0.0.1:{self.nodes[0].port}/0"

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        clients = [self.client(each) for each in range(NODES)]
        for index, client in enumerate(clients):
            first, last = index * SLOTS // NODES, (index + 1) * SLOTS // NODES - 1
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", first, last)
            client.execute_command("CLUSTER", "MEET", "127.0.0.1", self.nodes[0].port, self._buses[0])
        until = time.monotonic() + 30
        while not all(_is_whole(client) for client in clients):
            assert time.monotonic() < until, "the nodes did not meet"
            time.sleep(0.1)

    def client(self, node: int) -> Any:
        return Redis(port=self.nodes[node].port, password=PASSWORD)

    def empty(self) -> None:
        for each in range(NODES):
            self.client(each).flushall()

    def kill(self) -> None:
        for node in self.nodes:
            node.kill()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _is_whole(client: Any) -> bool:
    found = client.execute_command("CLUSTER INFO")
    return bool(found["cluster_state"] == "ok" and int(found["cluster_known_nodes"]) == NODES)
