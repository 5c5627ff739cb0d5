"""TCP ports of a data directory: chosen once, remembered, and replaced only when another program uses them."""

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from hitl.cli.local.place import write_private
from hitl.errors import NotStarted

LOOPBACK = "127.0.0.1"


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
    """The ports to use, remembered in ``file``; ``http_port`` 0 means any.

    Raises NotStarted when the wanted HTTP port is taken: callers know it, so it never changes by itself."""
    remembered = json.loads(file.read_text()) if file.exists() else {}
    if http_port and not is_free(http_port, http_host):
        raise NotStarted("http", f"port {http_port} is in use; set HITL_HTTP_PORT to another one, or to 0 for any")
    wanted = {**remembered, **({"http": http_port} if http_port else {})}
    taken: set[int] = set()
    for name in TcpPorts.__dataclass_fields__:
        if name not in wanted or wanted[name] in taken or not is_free(wanted[name]):
            wanted[name] = _free_port(taken)
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


def _free_port(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port
