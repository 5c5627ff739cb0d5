"""Paths of the local service: one data directory, and a short one for Ray's sockets."""

import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hitl.canonical import digest_of
from hitl.errors import NotStarted

PRIVATE = 0o700
OWNER_ALONE = 0o077
"""The umask of every process of the service: files 0600, sockets closed to others."""

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataLayout:
    """The layout of ``data_dir`` (absolute)."""

    data_dir: Path

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def lock(self) -> Path:
        return self.data_dir / "up.lock"

    @property
    def up_file(self) -> Path:
        return self.data_dir / "up.json"

    @property
    def ports_file(self) -> Path:
        return self.data_dir / "ports.json"

    @property
    def valkey(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def mlflow(self) -> Path:
        return self.data_dir / "mlflow"

    @property
    def artifacts(self) -> Path:
        return self.data_dir / "artifacts"

    @property
    def master_key(self) -> Path:
        return self.data_dir / "master_key"

    @property
    def signing_key(self) -> Path:
        return self.data_dir / "signing_key"

    @property
    def ray_token(self) -> Path:
        return self.data_dir / "ray_token"

    @property
    def runtime(self) -> Path:
        """A short path that belongs to this data directory: sockets must have names below 108 characters."""
        return Path(tempfile.gettempdir()) / f"hitl-{os.getuid()}-{digest_of(bytes(self.data_dir))[:10]}"

    @property
    def ray_temp(self) -> Path:
        """Ray opens its own directories to everybody (0777): the one above them lets nobody else in."""
        return self.runtime / "ray"

    def prepare(self) -> None:
        """Make what is missing, and close it to everybody but the owner. Raises NotStarted where somebody else could put
        other directories in the place of these, or did."""
        _refuse_shared(self.data_dir)
        self.runtime.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        _refuse_foreign(self.runtime)  # before anything is made or closed behind a link that somebody else put there
        for folder in (self.data_dir, self.logs, self.valkey, self.mlflow, self.artifacts, self.runtime, self.ray_temp):
            folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            if folder.stat().st_uid == os.getuid():
                folder.chmod(PRIVATE)  # it may be older than this rule

    def secret(self, path: Path) -> str:
        """Return the secret in ``path``, made at the first call."""
        if not path.exists():
            write_private(path, secrets.token_hex(SECRET_BYTES))
        return path.read_text()


def place_of(data_dir: Path) -> DataLayout:
    return DataLayout(data_dir.expanduser().absolute())


def _refuse_shared(data_dir: Path) -> None:
    """A directory like /tmp is not made private: others would lose it, and what they put there would stay."""
    if data_dir.exists() and data_dir.stat().st_mode & stat.S_IWOTH:
        raise NotStarted("the service", f"everybody may write to {data_dir}: choose a directory of its own")


def _refuse_foreign(runtime: Path) -> None:
    above = runtime.parent.stat().st_mode
    if runtime.is_symlink() or runtime.stat().st_uid != os.getuid():
        raise NotStarted("ray", f"{runtime} belongs to somebody else")
    if above & stat.S_IWOTH and not above & stat.S_ISVTX:
        raise NotStarted("ray", f"everybody may rename what is in {runtime.parent}: set its sticky bit, or TMPDIR")


def write_private(path: Path, text: str) -> None:
    """Write ``text`` for the owner alone, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def last_line(log: Path) -> str:
    """The end of ``log``: mostly the reason why its writer ended."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1][:500] if lines else f"see {log}"
