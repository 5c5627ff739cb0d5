"""Start, kill and ask tests.clients.host; run programs of other packages, each in an environment of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from hitl.client import Client
from tests.free_ports import free_port
from tests.running import ROOT

ENVIRONMENTS = ROOT / "build" / "wide"
"""One virtual environment for each package of another side, kept between runs."""

STARTS_WITHIN_S = 120.0


class HostProcess:
    """The service at ``url``. Keys are names: client, approver, reviewer, operator."""

    KEY_ID = "a1b2c3d4e5f6"
    """Of the client's key in the store."""

    def __init__(self, store_url: str, folder: Path) -> None:
        self.store_url, self.folder, self.port = store_url, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *crash: str) -> None:
        """``crash`` is a crash point (hitl.crashpoints) and which passing of it kills the service."""
        command = [sys.executable, "-m", "tests.clients.host", self.store_url, str(self.port), str(self.folder), *crash]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE)
        until(self._answers, STARTS_WITHIN_S)

    def kill(self) -> None:
        """As a machine dies: nothing is finished."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def restart(self, *crash: str) -> None:
        self.kill()
        self.start(*crash)

    def wait_for_death(self) -> None:
        """Until the crash point kills it."""
        assert self._process is not None
        assert self._process.wait(120) == -signal.SIGKILL
        self._process = None

    def open_case(self, key: str) -> None:
        """A case of digits that waits for people."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{key}\n".encode())
        self._process.stdin.flush()
        with self.as_("reviewer") as reviewer:
            until(lambda: reviewer.waiting("digits")["reviews"])

    def as_(self, name: str) -> Client:
        return Client(self.url, name)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the service ended"
        try:
            return httpx2.get(f"{self.url}/health", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False


def until(holds: Callable[[], Any], within_s: float = 60.0) -> Any:
    """What ``holds`` returns once it is true."""
    deadline = time.monotonic() + within_s
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def environment_of(name: str, *requirements: str) -> Path:
    """The Python of an environment with exactly these packages and what they need; made at the first use."""
    folder, stamp = ENVIRONMENTS / name, ENVIRONMENTS / name / "installed.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(requirements):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *requirements], check=True)
        stamp.write_text("\n".join(requirements))
    return folder / "bin" / "python"


def program(python: Path, script: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """A program in another environment, with its output to be read. It sees nothing of our packages unless it is told where."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.Popen(
        [str(python), script, *arguments],
        env=kept | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
