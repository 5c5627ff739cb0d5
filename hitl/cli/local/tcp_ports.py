"""TCP ports of a data directory: chosen once, remembered, and replaced only when another program uses them."""

import json
import random
import socket
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from hitl.cli.local.place import write_private
from hitl.errors import NotStarted

LOOPBACK = "127.0.0.1"

SERVER_PORTS = range(20_000, 30_000)
"""Where servers get their ports: above those of Ray's workers (10002-19999), below those of Serve's replicas (from 30000)."""

EPHEMERAL_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""What the kernel gives to connections and to servers that ask for any port (ip(7))."""


@dataclass(frozen=True, slots=True)
class TcpPorts:
    http: int
    valkey: int
    mlflow: int
    ray: int
    dashboard: int
    dashboard_agent: int
    metrics: int
    proxy_statistics: int
    proxy_metrics: int
    fallback_proxy: int


def choose_ports(file: Path, http_host: str, http_port: int) -> TcpPorts:
    """Choose the ports to use, remembered in ``file``; ``http_port`` 0 means any.

    Raises NotStarted when the wanted HTTP port is taken: callers know it, so it never changes by itself."""
    remembered = json.loads(file.read_text()) if file.exists() else {}
    if http_port and not is_free(http_port, http_host):
        raise NotStarted("http", f"port {http_port} is in use; set HITL_HTTP_PORT to another one, or to 0 for any")
    wanted = {**remembered, **({"http": http_port} if http_port else {})}
    taken: set[int] = set()
    for name in TcpPorts.__dataclass_fields__:
        if name not in wanted or wanted[name] in taken or not is_free(wanted[name]):
            wanted[name] = free_port(taken)
        taken.add(wanted[name])
    ports = TcpPorts(**wanted)
    write_private(file, json.dumps(asdict(ports)))
    return ports


def is_free(port: int, host: str = LOOPBACK) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether somebody listens on ``port``."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((host, port)) == 0


def free_port(taken: Collection[int] = ()) -> int:
    """Return a free port for a server that will listen later, outside ``taken``.

    It is none that the kernel gives away by itself: the processes that start in between open hundreds of connections, and
    one of them would hold the port when its server comes. Raises NotStarted when every port is in use."""
    candidates = _server_ports()
    for port in random.sample(candidates, k=len(candidates)):
        if port not in taken and is_free(port):
            return port
    raise NotStarted("a port", f"all of {SERVER_PORTS.start}-{SERVER_PORTS.stop - 1} are in use")


def _server_ports() -> list[int]:
    """Return those of SERVER_PORTS that the kernel leaves alone; all of them where it leaves none."""
    if not EPHEMERAL_PORTS.exists():
        return list(SERVER_PORTS)
    lowest, highest = (int(bound) for bound in EPHEMERAL_PORTS.read_text().split())
    return [port for port in SERVER_PORTS if not lowest <= port <= highest] or list(SERVER_PORTS)
