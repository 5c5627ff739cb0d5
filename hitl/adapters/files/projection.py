"""What was derived from streams, as a database file on this machine: rows, and the positions that they reach, in one step.

Everything in the file can be derived again. So a file of another version, one that is broken and one that does not fit its
sources is dropped with a line in the log, never repaired. Several processes of a machine may share a file: each reads its source
from the position that the file names, and the first one to write wins.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from hitl.canonical import digest_of
from hitl.errors import StoreUnavailable

BUSY_S = 5.0
"""How long a write waits for another process: each holds the file for some milliseconds. It is less than what a replica may take
to answer Serve: one that hangs in a write must not have its neighbours replaced."""
SUFFIX = ".sqlite"
ENDINGS = ("", "-wal", "-shm")
"""Of the names of a database's files."""
OWNER_ONLY = 0o600
OWN_TABLES = """
CREATE TABLE IF NOT EXISTS reached (source TEXT PRIMARY KEY, position INTEGER NOT NULL, proof TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS eras (only INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, value BLOB NOT NULL UNIQUE);
"""

log = structlog.get_logger()


Write = Callable[[sqlite3.Connection], object]
"""Makes changes in a transaction of the connection."""
Row = tuple[Any, ...]


class Reached(NamedTuple):
    """All of a source up to ``position`` is in the file; ``proof`` is the digest of what stands there."""

    position: int
    proof: str = ""


NOTHING = Reached(0)


class Projection:
    """The file ``name`` in ``folder``, of the tables of ``schema`` as ``version`` fills them; without a ``folder`` in memory, for
    this object alone.

    All methods block for as long as the file system takes, and raise StoreUnavailable where it fails."""

    def __init__(self, folder: Path | None, name: str, version: str, schema: str) -> None:
        self._schema = OWN_TABLES + schema
        self._lock = self._long_lock = threading.RLock()
        if folder is None:
            self.path, self._read_lock = Path(":memory:"), self._lock
            self._writer = self._reader = self._long_reader = self._connected()
            self._writer.executescript(self._schema)
            return
        self.path = folder / f"{name}-{digest_of((version + self._schema).encode())[:16]}{SUFFIX}"
        self._read_lock, self._long_lock = threading.RLock(), threading.RLock()
        with file_errors():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file_errors(), _alone(folder, name):
            _drop(folder, name, "it is of another version", but=self.path)
            self._writer, self._reader, self._long_reader = self._open()

    def reached(self, source: str) -> Reached:
        """Return how far ``source`` was read."""
        found = self.rows("SELECT position, proof FROM reached WHERE source = ?", source)
        return Reached(*found[0]) if found else NOTHING

    def all_reached(self) -> dict[str, Reached]:
        """Return how far each source was read that was read at all."""
        found = self.rows("SELECT source, position, proof FROM reached")
        return {source: Reached(*rest) for source, *rest in found}

    def rows(self, query: str, *values: Any) -> list[Row]:
        """Return what ``query`` selects."""
        with file_errors(), self._read_lock:
            return self._reader.execute(query, values).fetchall()

    def many_rows(self, query: str, *values: Any) -> list[Row]:
        """As ``rows``, for so many that those who want few must not wait meanwhile."""
        with file_errors(), self._long_lock:
            return self._long_reader.execute(query, values).fetchall()

    def name(self, number: int) -> bytes:
        """Return the value with that number among the names."""
        found: bytes = self.rows("SELECT value FROM names WHERE id = ?", number)[0][0]
        return found

    def advance(self, source: str, before: int, now: Reached, write: Write) -> bool:
        """Let ``write`` make its changes, and note that ``source`` was read from ``before`` up to ``now``: all of it durably, or
        nothing. False, and nothing is written, where another process was first."""
        with file_errors(), self._lock, _transaction(self._writer):
            found = self._writer.execute("SELECT position FROM reached WHERE source = ?", (source,)).fetchone()
            if (found[0] if found else 0) != before:
                return False
            write(self._writer)
            self._writer.execute("INSERT OR REPLACE INTO reached VALUES (?, ?, ?)", (source, *now))
            return True

    def change(self, write: Write) -> None:
        """Let ``write`` make its changes, all of them or none."""
        with file_errors(), self._lock, _transaction(self._writer):
            write(self._writer)

    def settle(self) -> bool:
        """Empty the log beside the file, which still has the rows that were removed last; False where somebody reads it just
        now, and they stay."""
        with file_errors(), self._lock:
            is_busy, *_ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy

    @property
    def era(self) -> int:
        """What a process remembers of the file is of one era: in the next one it begins anew."""
        found = self.rows("SELECT number FROM eras")
        return int(found[0][0]) if found else 0

    def clear(self, why: str) -> None:
        """Forget everything that was derived, but the numbers of names, which other processes remember."""
        log.warning("a projection is dropped", file=str(self.path), why=why)

        def forget(connection: sqlite3.Connection) -> None:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table not in ("names", "eras"):
                    connection.execute(f"DELETE FROM {table}")
            begin_era(connection)

        self.change(forget)

    def close(self) -> None:
        with self._lock, self._read_lock, self._long_lock:
            for connection in (self._writer, self._reader, self._long_reader):
                connection.close()

    def _open(self) -> tuple[sqlite3.Connection, sqlite3.Connection, sqlite3.Connection]:
        _make_private(self.path)
        if not _is_whole(self.path):
            log.warning("a projection is dropped", file=str(self.path), why="it is broken")
            _remove(self.path)
            _make_private(self.path)
        writer, reader, long_reader = (self._connected() for _ in range(3))
        writer.executescript(self._schema)
        return writer, reader, long_reader

    def _connected(self) -> sqlite3.Connection:
        made = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = NORMAL")  # what a power failure takes is derived again; the file stays consistent
        made.execute("PRAGMA secure_delete = ON")  # what retention deletes must not stay in free pages
        return made


def drop_files(folder: Path, name: str, why: str) -> None:
    """Remove every file ``name`` from ``folder``, of whatever version. A process that has one open still goes on with it. Raises
    StoreUnavailable."""
    with file_errors():
        if folder.exists():
            with _alone(folder, name):
                _drop(folder, name, why)


def begin_era(connection: sqlite3.Connection) -> None:
    """Let every process read again what it remembers: rows were changed or removed that it has."""
    connection.execute("INSERT INTO eras VALUES (1, 1) ON CONFLICT (only) DO UPDATE SET number = number + 1")


@contextmanager
def file_errors() -> Iterator[None]:
    """Raise StoreUnavailable for what the file system and the database refuse."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"the projection: {error}") from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as found:
            return bool(found.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError as error:  # busy, full or not to be read: that says nothing about what is in it
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # which is a header of a format that there is not
            raise
        return False
    except sqlite3.DatabaseError:
        return False


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[None]:
    """While no other process opens or drops a file ``name`` here."""
    with os.fdopen(os.open(folder / f"{name}.lock", os.O_CREAT | os.O_WRONLY, OWNER_ONLY), "w") as lock:
        os.fchmod(lock.fileno(), OWNER_ONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_private(path: Path) -> None:
    """Let only the owner read the database, which is made where there is none; its log gets the mode that it has. One that exists
    is never opened here: closing it would take this process's locks from it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
    path.chmod(OWNER_ONLY)
    for ending in ENDINGS[1:]:
        with suppress(FileNotFoundError):  # the last to close the database removes them
            Path(f"{path}{ending}").chmod(OWNER_ONLY)


def _drop(folder: Path, name: str, why: str, but: Path | None = None) -> None:
    for path in sorted(folder.glob(f"{name}-*{SUFFIX}")):
        if path != but:
            log.warning("a projection is dropped", file=str(path), why=why)
            _remove(path)


def _remove(path: Path) -> None:
    for ending in ENDINGS:
        Path(f"{path}{ending}").unlink(missing_ok=True)
