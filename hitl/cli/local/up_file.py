"""The supervisor's state for other processes: a small private file, replaced atomically at each change."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from hitl.cli.local.place import DataLayout, write_private

STARTING, UP, DEGRADED, FAILED = "starting", "up", "degraded", "failed"


@dataclass(frozen=True, slots=True)
class UpState:
    """``phase`` is starting, up, degraded (a part is being restarted) or failed (``why``). ``parts`` are the supervised
    processes: name -> {"pid", "ready", "restarts"}. ``environment`` is what a Ray driver of this cluster needs."""

    phase: str
    pid: int
    url: str
    mlflow_url: str
    dashboard_url: str
    redis_url: str
    artifact_uri: str
    environment: dict[str, str]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    why: str = ""


def write_up(place: DataLayout, state: UpState) -> None:
    write_private(place.up_file, json.dumps(asdict(state), indent=1))


def read_up(place: DataLayout) -> UpState | None:
    """Read the state of the service on this data directory; None without one. A dead supervisor's file does not count."""
    if not place.up_file.exists() or not is_locked(place):
        return None
    return UpState(**json.loads(place.up_file.read_text()))


def is_locked(place: DataLayout) -> bool:
    """Tell whether a supervisor lives on this data directory."""
    if not place.lock.exists():
        return False
    with place.lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def locked(place: DataLayout) -> Iterator[bool]:
    """Holds the data directory for this process: gives False when another one has it. The kernel frees it with us."""
    handle = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)
