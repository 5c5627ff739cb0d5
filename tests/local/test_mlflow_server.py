"""The process that prepares MLflow's server becomes the server; where it cannot, it says that another one waits beside it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mlflow
import mlflow.server
import pytest

from hitl.cli.local import mlflow_server
from hitl.cli.local.child import children_of, in_session
from hitl.cli.local.mlflow_server import STARTS_SERVER
from tests.mlflow_process import MlflowServer


@pytest.fixture
def started(tmp_path: Path) -> Iterator[MlflowServer]:
    server = MlflowServer(tmp_path, starter=["hitl.cli.local.mlflow_server"])
    server.start()
    yield server
    server.stop()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What MLflow's command was called with, in place of the command."""
    calls = list[list[str]]()
    monkeypatch.setattr(mlflow_server, "cli", calls.append)
    monkeypatch.setattr(mlflow.server, STARTS_SERVER, getattr(mlflow.server, STARTS_SERVER))  # put back after the test
    return calls


def test_the_process_that_was_started_is_the_server_itself(started: MlflowServer) -> None:
    command = Path(f"/proc/{started.pid}/cmdline").read_text().split("\0")
    assert command[1:3] == ["-m", "hitl.cli.local.mlflow_server"]
    assert started.pid in children_of(os.getpid())
    assert in_session(started.pid) == [started.pid]


def test_another_server_than_uvicorn_takes_the_place_of_the_process() -> None:
    call = "_become(['/bin/sh', '-c', 'echo $$ $WORD'], extra_env={'WORD': 'there'})"
    code = f"from hitl.cli.local.mlflow_server import _become; {call}"
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    said, _ = started.communicate(timeout=60)
    assert said.split() == [str(started.pid), "there"]


def test_an_mlflow_that_starts_its_server_as_known_waits_for_nothing(
    asked: list[list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    mlflow_server.main(["--port", "1"])
    assert asked == [["server", "--port", "1"]]
    assert getattr(mlflow.server, STARTS_SERVER) is mlflow_server._become
    assert capfd.readouterr().err == ""


def test_an_mlflow_that_starts_its_server_in_another_way_is_run_and_said(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(mlflow.server, STARTS_SERVER)
    mlflow_server.main(["--port", "1"])
    assert asked == [["server", "--port", "1"]]
    assert not hasattr(mlflow.server, STARTS_SERVER)
    assert capfd.readouterr().err == (
        f"MLflow {mlflow.__version__}: there is no mlflow.server._exec_cmd, so that MLflow's own command waits beside the "
        "server\n"
    )
