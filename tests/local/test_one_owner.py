"""Commands on one data directory: a second start finds the first, and nobody stops what somebody else started."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hitl.cli.local import control
from hitl.cli.local.place import DataLayout
from hitl.cli.local.up_file import UP, UpState, locked, write_up
from tests.local.test_supervision import SLEEPER


def up_state(pid: int) -> UpState:
    return UpState(UP, pid, "http://127.0.0.1:1", "", "", "", "", {})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[DataLayout]:
    """A data directory that a supervisor holds: this process."""
    made = DataLayout(tmp_path)
    made.prepare()
    with locked(made):
        yield made
    shutil.rmtree(made.runtime)


def test_what_another_supervisor_runs_is_not_stopped(place: DataLayout) -> None:
    other = subprocess.Popen(SLEEPER)
    try:
        write_up(place, up_state(other.pid))
        assert control.is_running(place, other.pid)
        assert not control.is_running(place, other.pid + 1)
        assert not control.stop(place, only=other.pid + 1)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_of_two_starts_at_once_the_second_finds_the_first(place: DataLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "is_ready", lambda url: True)
    first = threading.Timer(0.3, write_up, (place, up_state(os.getpid())))
    first.start()
    state, ours = control.start(place)
    assert (state.pid, ours) == (os.getpid(), False)
    assert not _supervisors(place)


def test_an_interrupted_start_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    taken_back: list[int] = []
    monkeypatch.setattr(control, "_spawn", lambda place: 7)
    monkeypatch.setattr(control, "wait_until_up", interrupted)
    monkeypatch.setattr(control, "stop", lambda place, only: taken_back.append(only))
    with pytest.raises(KeyboardInterrupt):
        control.start(DataLayout(tmp_path))
    assert taken_back == [7]


def _supervisors(place: DataLayout) -> list[psutil.Process]:
    """Those that were started on the data directory and still live."""
    wanted = ["-m", "hitl.cli.local.supervisor", str(place.data_dir)]
    return [each for each in psutil.process_iter(["cmdline"]) if (each.info["cmdline"] or [])[1:] == wanted]
