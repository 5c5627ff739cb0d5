"""Paths of the local service: one data directory, and a short one for Ray's sockets."""

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hitl.canonical import digest_of
from hitl.errors import NotStarted

PRIVATE = 0o700
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
    def ray_token(self) -> Path:
        return self.data_dir / "ray_token"

    @property
    def ray_temp(self) -> Path:
        """A short path that belongs to this data directory: Ray's sockets must have names below 108 characters."""
        return Path(tempfile.gettempdir()) / f"hitl-{os.getuid()}-{digest_of(bytes(self.data_dir))[:10]}"

    def prepare(self) -> None:
        """Make what is missing, readable for the owner alone."""
        for folder in (self.data_dir, self.logs, self.valkey, self.mlflow, self.artifacts, self.ray_temp):
            folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        if self.ray_temp.is_symlink() or self.ray_temp.stat().st_uid != os.getuid():
            raise NotStarted("ray", f"{self.ray_temp} belongs to somebody else")

    def secret(self, path: Path) -> str:
        """The secret in ``path``, made at the first call."""
        if not path.exists():
            write_private(path, secrets.token_hex(SECRET_BYTES))
        return path.read_text()


def place_of(data_dir: Path) -> DataLayout:
    return DataLayout(data_dir.expanduser().absolute())


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
