"""One supervised process: started in its own session, restarted with growing pauses, stopped with its descendants."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
HEALTHY_AFTER_S = 30.0
"""A process that lived this long starts anew without a pause."""

PARENT, SESSION = 1, 3
"""Fields of /proc/<pid>/stat after the command's name (proc(5))."""

_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class ProcessPart:
    """A process to run. ``is_ready`` is cheap and never raises; ``stop_s`` is how long a polite stop may take; a part that
    ``ends`` is done once it exits with 0."""

    name: str
    argv: list[str]
    environment: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool]
    stop_s: float = 10.0
    ends: bool = False


class Child:
    def __init__(self, part: ProcessPart) -> None:
        self.part = part
        self.restarts = -1
        self.ready = False
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._not_before = 0.0
        self._pause_s = FIRST_PAUSE_S

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_done(self) -> bool:
        """Whether a part that ends has done its work."""
        return self.part.ends and self._process is not None and self._process.poll() == 0

    def tend(self) -> bool:
        """Start or restart the process when it is due, and look whether it is ready. True when it was (re)started."""
        now = time.monotonic()
        if self._process is not None and (self.is_done or self._process.poll() is None):
            self.ready = self.is_done if self.part.ends else self.ready or self.part.is_ready()
            return False
        if self._process is not None:
            self._buried(now)
        if now < self._not_before:
            return False
        self._start(now)
        return True

    def stop(self, wait: bool = True) -> None:
        """End the process and whatever it left in its session; without ``wait`` only ask it to."""
        if self._process is None:
            return
        _signal(self._process, signal.SIGTERM)
        if wait:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.part.stop_s)
            self._sweep_session()
            self._process, self.ready = None, False

    def plain(self) -> dict[str, Any]:
        return {"pid": self.pid, "ready": self.ready, "restarts": max(0, self.restarts)}

    def _start(self, now: float) -> None:
        self.restarts += 1
        self._started_at = now
        with self.part.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.part.argv,
                env=dict(self.part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_the_supervisor,
            )

    def _buried(self, now: float) -> None:
        """Sweep up after a process that ended, and decide when the next one may start."""
        self._sweep_session()
        self._process, self.ready = None, False
        self._pause_s = FIRST_PAUSE_S if now - self._started_at > HEALTHY_AFTER_S else min(self._pause_s * 2, LONGEST_PAUSE_S)
        self._not_before = now + self._pause_s

    def _sweep_session(self) -> None:
        """What the process left behind would hold its ports. Ray puts each worker into a process group of its own, so
        the group is not enough; they all stay in the session."""
        if self._process is not None:
            end_all(in_session(self._process.pid))
            self._process.wait()


def adopt_orphans() -> None:
    """Whatever our processes leave behind becomes our child (prctl(2)), so that it can be found and ended."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(deadline_s: float = 10.0) -> None:
    """End every process that is still our child."""
    deadline = time.monotonic() + deadline_s
    while (left := children_of(os.getpid())) and time.monotonic() < deadline:
        end_all(left)
        reap()
        time.sleep(0.05)


def end_all(pids: list[int]) -> None:
    """Kill these processes."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def reap() -> None:
    """Take the exit status of adopted processes that ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def children_of(parent: int) -> list[int]:
    """Return the pids whose parent is ``parent``, zombies included."""
    return _with_field(PARENT, parent)


def in_session(leader: int) -> list[int]:
    """Return the pids in the session that ``leader`` began, also after its end, zombies included."""
    return _with_field(SESSION, leader)


def _with_field(index: int, value: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[index]) == value:
                    found.append(int(entry.name))
    return found


def _die_with_the_supervisor() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)
