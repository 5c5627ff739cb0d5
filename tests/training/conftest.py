"""A real MLflow server on SQLite, on a free loopback port, once for the session."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import pytest

START_LIMIT_S = 180.0


@pytest.fixture(scope="session")
def mlflow_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("mlflow"), _free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    uri = f"http://127.0.0.1:{port}"
    _wait_until_healthy(uri, server)
    yield uri
    os.killpg(server.pid, 15)
    server.wait(timeout=30)


def _wait_until_healthy(uri: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx2.get(f"{uri}/health", timeout=5).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the MLflow server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
