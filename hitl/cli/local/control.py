"""Start, find and stop the local service from another process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import httpx2

from hitl.cli.local.place import DataLayout, last_line
from hitl.cli.local.up_file import FAILED, UP, UpState, is_locked, read_up
from hitl.errors import NotStarted

UP_WITHIN_S = 300.0
DOWN_WITHIN_S = 60.0
PRIVATE_FILE = 0o600
TICK_S = 0.1

Told = Callable[[UpState], None]


def start(place: DataLayout, told: Told = lambda _: None) -> tuple[UpState, bool]:
    """Return the running service, and whether this call started it; waits until it is ready to answer.

    ``told`` hears of the progress. Raises NotStarted with the reason and where to look. Interrupted, it stops what it
    started."""
    spawned = None
    if read_up(place) is None:
        place.prepare()
        spawned = _spawn(place)
    try:
        state = wait_until_up(place, told)
    except (KeyboardInterrupt, SystemExit):  # nobody would stop what nobody was told of
        if spawned is not None:
            stop(place, only=spawned)
        raise
    return state, state.pid == spawned


def wait_until_up(place: DataLayout, told: Told = lambda _: None) -> UpState:
    """Return the state of the service once it answers. Raises NotStarted when it failed, or is not ready in UP_WITHIN_S."""
    deadline = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline:
        state = read_up(place)
        if state is None or state.phase == FAILED:
            raise NotStarted("the service", last_line(place.logs / "supervisor.log"))
        told(state)
        if state.phase == UP and is_ready(state.url):
            return state
        time.sleep(TICK_S)
    raise NotStarted("the service", f"it was not ready in {UP_WITHIN_S:.0f} s: {_what_is_missing(place)}; see {place.logs}")


def running(place: DataLayout) -> UpState:
    """Return the service on this data directory. Raises NotStarted when there is none."""
    state = read_up(place)
    if state is None:
        raise NotStarted("the service", f"nothing runs on {place.data_dir}; start it with 'hitl up'")
    return state


def stop(place: DataLayout, only: int | None = None) -> bool:
    """Stop what runs on this data directory, and wait for its end; False when nothing ran, or not the supervisor ``only``.

    Raises NotStarted when the supervisor did not end in time."""
    state = read_up(place)
    if state is None or only not in (None, state.pid):
        return False
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_WITHIN_S
    while is_locked(place):
        if time.monotonic() > deadline:
            raise NotStarted("down", f"process {state.pid} did not end; see {place.logs}")
        time.sleep(TICK_S)
    return True


def is_running(place: DataLayout, supervisor: int) -> bool:
    """Tell whether this supervisor lives on this data directory: after its end another one may."""
    state = read_up(place)
    return state is not None and state.pid == supervisor


def is_ready(url: str) -> bool:
    """Tell whether every part that an answer needs is there."""
    try:
        return httpx2.get(f"{url}/ready", timeout=5.0).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def _what_is_missing(place: DataLayout) -> str:
    """The parts that did not come up, with the end of their logs, or what the address says instead of being ready."""
    state = read_up(place)
    if state is None:
        return "the supervisor ended"
    waiting = [name for name, part in state.parts.items() if not part["ready"]]
    if waiting:
        return "; ".join(f"{name}: {last_line(place.logs / f'{name}.log')}" for name in waiting)
    try:
        answer = httpx2.get(f"{state.url}/ready", timeout=5.0)
    except httpx2.TransportError as error:
        return f"{state.url} does not answer ({error})"
    return f"{state.url}/ready says {answer.status_code} {answer.text[:500]}"


def _spawn(place: DataLayout) -> int:
    """Start the supervisor, detached, and wait until one tells its state: this one, whose pid is returned, or another one
    that started at the same time; then this one is ended, before it could follow the other. Raises NotStarted."""
    argv = [sys.executable, "-m", "hitl.cli.local.supervisor", str(place.data_dir)]
    log = place.logs / "supervisor.log"
    with open(log, "ab", opener=lambda path, flags: os.open(path, flags, PRIVATE_FILE)) as output:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    while (state := read_up(place)) is None:
        if process.poll() is not None and not is_locked(place):
            raise NotStarted("the service", last_line(log))
        time.sleep(TICK_S)
    if state.pid != process.pid:
        process.terminate()
        process.wait()
    return process.pid
