"""Processes are restarted, stopped with everything they left, and ports and the data directory have one owner."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from hitl.cli.local import control, tcp_ports
from hitl.cli.local.child import Child, ProcessPart, children_of, in_session
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import choose_ports
from hitl.cli.local.up_file import UpState, is_locked, locked, write_up
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


def test_no_port_is_one_that_the_kernel_gives_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection of a process that starts in between would hold it."""
    given = tmp_path / "range"
    given.write_text("20050\t60999\n")
    monkeypatch.setattr(tcp_ports, "EPHEMERAL_PORTS", given)
    chosen = asdict(choose_ports(tmp_path / "ports.json", "127.0.0.1", 0))
    assert all(20_000 <= port < 20_050 for port in chosen.values())
    assert len(set(chosen.values())) == len(chosen)


def test_where_the_kernel_gives_every_port_one_is_chosen_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "range"
    given.write_text("1024\t65535\n")
    monkeypatch.setattr(tcp_ports, "EPHEMERAL_PORTS", given)
    assert tcp_ports.free_port() in tcp_ports.SERVER_PORTS


def test_a_service_that_is_not_ready_says_which_part_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(tmp_path)
    place.prepare()
    (place.logs / "mlflow.log").write_text("a line\nno space left on device\n")
    parts = {"valkey": {"pid": 1, "ready": True, "restarts": 0}, "mlflow": {"pid": 2, "ready": False, "restarts": 0}}
    monkeypatch.setattr(control, "UP_WITHIN_S", 0.2)
    with locked(place):
        write_up(place, UpState("starting", os.getpid(), "http://127.0.0.1:9", "", "", "", "", {}, parts))
        with pytest.raises(NotStarted, match="mlflow: no space left on device"):
            control.wait_until_up(place)


def test_an_address_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, port = place_of(tmp_path), tcp_ports.free_port()
    place.prepare()
    monkeypatch.setattr(control, "UP_WITHIN_S", 0.2)
    with locked(place):
        write_up(place, UpState("up", os.getpid(), f"http://127.0.0.1:{port}", "", "", "", "", {}))
        with pytest.raises(NotStarted, match=f"127.0.0.1:{port} does not answer"):
            control.wait_until_up(place)


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
