"""An MLflow server on sqlite for the length of a measurement."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hitl.cli.local.tcp_ports import free_port

START_S = 180.0
"""A server needs ten seconds of a core to start, and a busy machine shares its cores."""


@contextmanager
def mlflow_server(home: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """Its address. ``host`` is one of this machine's own: a cluster's nodes are told of none that only one of them reaches."""
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{home}/mlflow.db", "--artifacts-destination", f"{home}/artifacts"]
    env = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env=env, start_new_session=True)
    try:
        _await(f"http://{host}:{port}/health", server)
        yield f"http://{host}:{port}"
    finally:
        _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Ask, then insist: a server that is busy with its last requests may take its time."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _await(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"no MLflow server at {url}")
