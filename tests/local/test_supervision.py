"""Processes are restarted, stopped with everything they left, and ports and the data directory have one owner."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hitl.cli.local.child import Child, ProcessPart, children_of, in_session
from hitl.cli.local.place import DataLayout
from hitl.cli.local.tcp_ports import choose_ports
from hitl.cli.local.up_file import is_locked, locked
from hitl.errors import NotStarted

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
FORKING = [sys.executable, "-c", "import os,time\nif os.fork(): time.sleep(60)\nelse: time.sleep(61)"]

GROUPING = [sys.executable, "-c", "import os,time\nif os.fork(): time.sleep(60)\nelse: os.setpgid(0, 0); time.sleep(61)"]


def part(argv: list[str], folder: Path, ends: bool = False) -> ProcessPart:
    return ProcessPart("probe", argv, os.environ, folder / "log", lambda: True, stop_s=5.0, ends=ends)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    child = Child(part(SLEEPER, tmp_path))
    child.tend()
    first = child.pid
    assert first
    os.kill(first, signal.SIGKILL)
    until(lambda: child.tend() or child.restarts == 1)
    assert child.pid != first
    child.stop()


def test_a_stop_ends_what_the_process_left_in_its_session(tmp_path: Path) -> None:
    child = Child(part(FORKING, tmp_path))
    child.tend()
    assert child.pid
    until(lambda: bool(children_of(child.pid or 0)))
    (forked,) = children_of(child.pid)
    child.stop()
    until(lambda: not _lives(forked))


def test_what_a_dead_process_left_in_a_group_of_its_own_is_ended_before_the_next_starts(tmp_path: Path) -> None:
    child = Child(part(GROUPING, tmp_path))
    child.tend()
    assert child.pid
    until(lambda: len(in_session(child.pid or 0)) == 2)
    (left,) = set(in_session(child.pid)) - {child.pid}
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: child.tend() or child.restarts == 1)
    assert not _lives(left)
    child.stop()


def test_a_part_that_ends_is_ready_when_it_ended_well(tmp_path: Path) -> None:
    child = Child(part([sys.executable, "-c", ""], tmp_path, ends=True))
    until(lambda: not child.tend() and child.ready)
    assert (child.is_done, child.restarts) == (True, 0)


def test_the_data_directory_has_one_owner(tmp_path: Path) -> None:
    place = DataLayout(tmp_path)
    with locked(place) as ours:
        assert ours
        assert is_locked(place)
    assert not is_locked(place)


def test_the_ports_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose_ports(file, "127.0.0.1", 0)
    assert choose_ports(file, "127.0.0.1", 0) == first


def test_a_wanted_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(NotStarted, match=str(taken.getsockname()[1])):
            choose_ports(tmp_path / "ports.json", "127.0.0.1", taken.getsockname()[1])


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
