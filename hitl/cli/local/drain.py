"""Begin an orderly stop: the proxy refuses new requests and finishes the ones it has accepted."""

import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from os import kill
from pathlib import Path

from hitl.cli.local.child import in_session

DRAIN_S = 8.0
"""Longer than a decision waits under full load. Long polls and live connections may last longer: they come back by themselves."""

TICK_S = 0.05
PROXY, CONTROLLER = "haproxy", "ray::ServeController"


def drain(session: int, within_s: float = DRAIN_S) -> bool:
    """Drain every proxy of Ray's ``session``; False: too late. SIGUSR1 is HAProxy's soft stop: it listens no more, closes
    idle connections and ends with its last request. Serve would start another one meanwhile; so its controller pauses."""
    pids = in_session(session)
    proxies = [pid for pid in pids if Path(_title(pid)).name == PROXY]
    controllers = [pid for pid in pids if _title(pid).startswith(CONTROLLER)]
    _send(signal.SIGSTOP, controllers)
    _send(signal.SIGUSR1, proxies)
    deadline = time.monotonic() + within_s
    while not (is_over := all(map(_has_ended, proxies))) and time.monotonic() < deadline:
        time.sleep(TICK_S)
    _send(signal.SIGCONT, controllers)
    return is_over


def _send(number: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            kill(pid, number)


def _title(pid: int) -> str:
    """Return the title of the process; '' after its end."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _has_ended(pid: int) -> bool:
    """Also when nobody has taken its exit status yet: such a process has no command line any more."""
    return not _title(pid)
