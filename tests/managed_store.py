"""Stores as other people run them: over TLS with a user of few rights, and behind Sentinel. By Debian's redis-server."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.free_ports import free_port
from tests.valkey_process import DURABLE

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="there is no redis-server with TLS: apt-get install redis-server"
)

PASSWORD = "a-password-of-the-tests"
WITHIN_S = 30.0
RIGHTS = "~hitl:* resetchannels +@all -@admin -@dangerous +info"
"""What the service needs of a store: its own keys, nothing of the server but what it tells of itself."""

NAME = "hitl"


class TlsStore:
    """A store that takes TLS alone, with one user who may what RIGHTS says; ``authority`` signed its certificate. It listens
    on loopback, or on ``address``."""

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.port, self.authority, self._host = free_port(), folder / "ca.pem", address or "localhost"
        certify(folder, f"IP:{address}" if address else "DNS:localhost")
        (folder / "users.acl").write_text(
            f"user default off\nuser hitl on >{PASSWORD} {RIGHTS}\nuser root on >{PASSWORD} ~* &* +@all\n"
        )
        tls = f"--port 0 --tls-port {self.port} --tls-auth-clients no --tls-ca-cert-file {self.authority}"
        tls += f" --tls-cert-file {folder}/server.pem --tls-key-file {folder}/server.key --aclfile {folder}/users.acl"
        self._process = server(folder, f"{tls} {DURABLE}", address or "127.0.0.1")
        self.url = self._url("hitl")
        until(lambda: Redis.from_url(self._url("root")).ping())

    def empty(self) -> None:
        Redis.from_url(self._url("root")).flushall()

    def kill(self) -> None:
        end(self._process)

    def _url(self, user: str) -> str:
        return f"rediss://{user}:{PASSWORD}@{self._host}:{self.port}/0?ssl_ca_certs={self.authority}"


class SentinelStore:
    """A primary, its replica, and a sentinel that looks after both."""

    def __init__(self, folder: Path) -> None:
        self.ports = [free_port(), free_port()]
        self._sentinel_port = free_port()
        own = f"--requirepass {PASSWORD} --masterauth {PASSWORD} --repl-diskless-sync-delay 0 {DURABLE}"
        first, second, third = (_made(folder / name) for name in ("first", "second", "sentinel"))
        self.nodes = [server(first, f"--port {self.ports[0]} {own}")]
        until(lambda: self.node(0).ping())
        self.nodes.append(server(second, f"--port {self.ports[1]} --replicaof 127.0.0.1 {self.ports[0]} {own}"))
        until(lambda: self.node(0).info("replication")["connected_slaves"] == 1)
        self._sentinel = self._watcher(third)
        self.url = (
            f"redis+sentinel://:{PASSWORD}@127.0.0.1:1,127.0.0.1:{self._sentinel_port}/{NAME}/0?sentinel_password={PASSWORD}"
        )
        until(self._knows_the_replica)

    def node(self, number: int) -> Any:
        return Redis(port=self.ports[number], password=PASSWORD, decode_responses=True)

    @property
    def primary(self) -> int:
        """The number of the node that the sentinel names."""
        _, port = self._asked("SENTINEL GET-MASTER-ADDR-BY-NAME", NAME)
        return self.ports.index(int(port))

    def lose_the_primary(self) -> None:
        """Once its replica has everything, its process ends; the replica is put in its place."""
        lost = self.primary
        self.node(lost).wait(1, 5_000)
        end(self.nodes[lost])
        until(lambda: self.primary != lost and self.node(self.primary).role()[0] == "master")

    def empty(self) -> None:
        self.node(self.primary).flushall()

    def kill(self) -> None:
        for each in (self._sentinel, *self.nodes):
            end(each)

    def _asked(self, *words: str) -> Any:
        return Redis(port=self._sentinel_port, password=PASSWORD, decode_responses=True).execute_command(*words)

    def _knows_the_replica(self) -> bool:
        return len(self._asked("SENTINEL REPLICAS", NAME)) == 1

    def _watcher(self, folder: Path) -> "subprocess.Popen[bytes]":
        lines = [f"port {self._sentinel_port}", "bind 127.0.0.1", f"dir {folder}", f"requirepass {PASSWORD}"]
        lines += [f"sentinel monitor {NAME} 127.0.0.1 {self.ports[0]} 1", f"sentinel auth-pass {NAME} {PASSWORD}"]
        lines += [f"sentinel down-after-milliseconds {NAME} 1000", f"sentinel failover-timeout {NAME} 5000"]
        (folder / "sentinel.conf").write_text("\n".join(lines) + "\n")
        argv = ["redis-server", str(folder / "sentinel.conf"), "--sentinel"]
        return subprocess.Popen(argv, stdout=subprocess.DEVNULL)


def server(folder: Path, terms: str, address: str = "127.0.0.1") -> "subprocess.Popen[bytes]":
    argv = ["redis-server", "--bind", address, "--dir", str(folder), "--save", "", *terms.split()]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(10)


def certify(folder: Path, name: str) -> None:
    """An authority, and a certificate of its for a server of this ``name``."""
    steps = [
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
        f"req -newkey rsa:2048 -nodes -subj /CN=store -addext subjectAltName={name} -keyout server.key -out server.csr",
        "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out server.pem",
    ]
    for step in steps:
        subprocess.run(["openssl", *step.split()], cwd=folder, check=True, capture_output=True)


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            if holds():
                return
        except (RedisError, OSError):
            pass
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
