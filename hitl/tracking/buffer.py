"""Buffer traces on disk while MLflow is away: bounded, in order, replayed once.

One directory per process, held by a file lock; a new process takes over what a dead one left. A batch is one file, whole
or absent (written aside, synced, renamed), and is deleted after its export; a crash between the two repeats an export,
which changes nothing.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from hitl.tracking.record import Trace

_SUFFIX = ".jsonl"
_LOCK = "lock"
MAX_CLAIMED = 1_000


class DiskBuffer:
    """The batches of one process, oldest first. One thread at a time."""

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self._max_bytes, self._root = max_bytes, root
        self._lock, self._dir = _claim(root)
        self._adopt()
        self._files = sorted(self._dir.glob(f"*{_SUFFIX}"))
        self._bytes = sum(file.stat().st_size for file in self._files)
        self._next = int(self._files[-1].stem) + 1 if self._files else 1
        self.unreadable = 0

    def __len__(self) -> int:
        return len(self._files)

    @property
    def size_bytes(self) -> int:
        """The size of the batches on disk."""
        return self._bytes

    def append(self, traces: Sequence[Trace]) -> int:
        """Keep a batch; returns how many traces found no room (the newest)."""
        lines: list[str] = []
        size = 0
        for trace in traces:
            line = trace.to_json() + "\n"
            if self._bytes + size + len(line.encode()) > self._max_bytes:
                break
            size += len(line.encode())
            lines.append(line)
        if lines:
            self._write("".join(lines).encode())
        return len(traces) - len(lines)

    def oldest(self) -> list[Trace]:
        """Return the oldest batch. What cannot be read is set aside and counted."""
        while self._files:
            try:
                with self._files[0].open(encoding="utf-8") as lines:
                    return [Trace.from_json(line) for line in lines]
            except (ValueError, KeyError, TypeError, AttributeError):
                self.unreadable += 1
                self._bytes -= self._files[0].stat().st_size
                self._files.pop(0).rename(self._dir / f"unreadable-{self._next}-{self.unreadable}")
        return []

    def forget_oldest(self) -> None:
        """The oldest batch is stored elsewhere now."""
        file = self._files.pop(0)
        self._bytes -= file.stat().st_size
        file.unlink()

    def close(self) -> None:
        """Let another process take over what is left."""
        self._lock.close()

    def _write(self, data: bytes) -> None:
        file = self._dir / f"{self._next:012d}{_SUFFIX}"
        aside = file.with_suffix(".tmp")
        with aside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        aside.rename(file)
        self._files.append(file)
        self._next, self._bytes = self._next + 1, self._bytes + len(data)

    def _adopt(self) -> None:
        """Move the batches of dead processes behind our own."""
        for other in sorted(self._root.iterdir()):
            if other == self._dir or not other.is_dir() or (lock := _lock(other)) is None:
                continue
            with lock:
                last = max((int(file.stem) for file in self._dir.glob(f"*{_SUFFIX}")), default=0)
                for at, file in enumerate(sorted(other.glob(f"*{_SUFFIX}")), last + 1):
                    file.rename(self._dir / f"{at:012d}{_SUFFIX}")


def _claim(root: Path) -> tuple["_Lock", Path]:
    root.mkdir(parents=True, exist_ok=True)
    for number in range(MAX_CLAIMED):
        directory = root / f"{number:04d}"
        directory.mkdir(exist_ok=True)
        if (lock := _lock(directory)) is not None:
            return lock, directory
    raise OSError(f"{MAX_CLAIMED} processes buffer in {root} already")


class _Lock:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def close(self) -> None:
        os.close(self._handle)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self.close()


def _lock(directory: Path) -> _Lock | None:
    handle = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return _Lock(handle)
