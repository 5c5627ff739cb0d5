"""What listens, and who may talk to it."""

import socket
import struct
from pathlib import Path

import httpx2
import pytest

from tests.running import Running

pytestmark = pytest.mark.service

SERVE_REPLICAS = "ray::ServeReplica"
"""Ray Serve's own port between deployments listens on every interface; Ray's token guards it."""


def _listening(pid: int) -> set[str]:
    """The local addresses on which ``pid`` listens."""
    inodes = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = handle.readlink().name if handle.is_symlink() else ""
        except FileNotFoundError:
            continue
        if target.startswith("socket:"):
            inodes.add(target[8:-1])
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {_address(row[1]) for row in rows if row[3] == "0A" and row[9] in inodes}


def _address(text: str) -> str:
    raw = b"".join(struct.pack("=I", int(text[i : i + 8], 16)) for i in range(0, text.index(":"), 8))
    if len(raw) == 4:
        return socket.inet_ntop(socket.AF_INET, raw)
    return socket.inet_ntop(socket.AF_INET6, raw).removeprefix("::ffff:")


def test_everything_listens_on_loopback_but_serves_own_port(service: Running) -> None:
    others = [pid for pid in service.processes("") if pid not in service.processes(SERVE_REPLICAS)]
    mine = [part["pid"] for part in service.state.parts.values() if part["pid"] and part["ready"]]
    pids = {pid for pid in [*others, *mine] if Path(f"/proc/{pid}/fd").exists()}
    assert set().union(*(_listening(pid) for pid in pids)) <= {"127.0.0.1", "::1"}


def test_the_ray_dashboard_wants_the_token(service: Running) -> None:
    assert httpx2.get(f"{service.state.dashboard_url}/api/jobs/").status_code in (401, 403)


@pytest.mark.covers("003-81")
def test_health_and_readiness_answer_without_a_key(service: Running) -> None:
    assert httpx2.get(f"{service.url}/health").json() == {"status": "ok"}
    assert httpx2.get(f"{service.url}/ready").json() == {"status": "ready"}


def test_a_second_up_finds_the_first(service: Running) -> None:
    before = service.state.pid
    assert "found the running service" in service.command("up", "--detach").stdout
    assert service.state.pid == before
