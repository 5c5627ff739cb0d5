"""Before everything stops, the proxy finishes what it has, and nobody puts another one in its place meanwhile."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hitl.cli.local.drain import CONTROLLER, PROXY, drain
from tests.local.test_supervision import until

READY = "import signal, sys, time; print(1, flush=True)\n"
FINISHES = "signal.signal(signal.SIGUSR1, lambda *_: (time.sleep(0.2), sys.exit()))\n" + READY + "time.sleep(60)"
NEVER_ENDS = "signal.signal(signal.SIGUSR1, lambda *_: None)\n" + READY + "while True: time.sleep(60)"
IDLE = READY + "time.sleep(60)"

Start = Callable[[str, str], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a program of the session under a name of its own, and returns once it is ready for signals."""
    started: list[subprocess.Popen[bytes]] = []

    def run(name: str, program: str) -> "subprocess.Popen[bytes]":
        argv = [name, "-c", f"import signal, sys, time\n{program}"]
        process = subprocess.Popen(argv, executable=sys.executable, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        started.append(process)
        return process

    monkeypatch.setattr("hitl.cli.local.drain.in_session", lambda _: [process.pid for process in started])
    yield run
    for process in started:
        process.kill()
        process.communicate()


def state_of(process: "subprocess.Popen[bytes]") -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_the_proxy_ends_with_its_last_request(start: Start) -> None:
    proxy, controller = start(f"/somewhere/{PROXY}", FINISHES), start(CONTROLLER, IDLE)
    assert drain(0)
    assert proxy.wait(5) == 0
    until(lambda: state_of(controller) in "SR")


def test_a_request_without_end_holds_up_the_stop_for_so_long_and_no_longer(start: Start) -> None:
    proxy = start(PROXY, NEVER_ENDS)
    assert not drain(0, within_s=0.2)
    assert proxy.poll() is None


def test_the_controller_pauses_while_the_proxy_finishes(start: Start) -> None:
    controller = start(CONTROLLER, IDLE)
    stat = f"/proc/{controller.pid}/stat"
    watch = FINISHES.replace("sys.exit()", f"sys.exit(open('{stat}').read().rpartition(')')[2].split()[0] != 'T')")
    proxy = start(PROXY, watch)
    assert drain(0)
    assert proxy.wait(5) == 0
