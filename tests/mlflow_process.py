"""A real MLflow server for the tests: as slow to start as everywhere, so that one serves a whole session."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.free_ports import free_port

START_S = 180.0
"""A server needs ten seconds of a core to start, and a busy machine shares its cores."""


class MlflowServer:
    """``mlflow server`` on one store; can be stopped and started again on the same port. ``starter`` is what Python runs."""

    def __init__(
        self, home: Path, backend: str | None = None, extra_path: str = "", starter: Sequence[str] = ("mlflow", "server")
    ) -> None:
        self._starter = starter
        self.home, self.port = home, free_port()
        self.backend = backend or f"sqlite:///{home}/mlflow.db"
        self._extra = extra_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """That of the process that was started."""
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> None:
        command = [sys.executable, "-m", *self._starter, "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        command += ["--backend-store-uri", self.backend, "--artifacts-destination", f"{self.home}/artifacts"]
        off = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        path = os.pathsep.join(part for part in (os.environ.get("PYTHONPATH", ""), self._extra) if part)
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **off, "PYTHONPATH": path},
            )
        self._await_health()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, 15)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._process = None

    def _await_health(self) -> None:
        deadline = time.monotonic() + START_S
        while self._process is not None and self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError((self.home / "server.log").read_text()[-2000:])
