"""Read the installation's master keys from the environment, or from a private file that is read again when it changes.

A file is what a rotation changes under the running service: nobody has to be restarted for it.
"""

from pathlib import Path

from hitl.errors import InvalidConfig
from hitl.sealing.keyring import Keyring, Keys, RandomBytes, parse_masters


class FileKeyring:
    """A hitl.sealing.Keys over ``path``; looks at the file's time of change before each use. Raises InvalidConfig."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed_at, self._ring = self._read()

    def wrap(self, data_key: bytes, subject: str, random_bytes: RandomBytes) -> bytes:
        return self._current().wrap(data_key, subject, random_bytes)

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        return self._current().unwrap(wrapped, subject)

    def _current(self) -> Keyring:
        if self._path.stat().st_mtime_ns != self._changed_at:
            self._changed_at, self._ring = self._read()
        return self._ring

    def _read(self) -> tuple[int, Keyring]:
        try:
            changed_at = self._path.stat().st_mtime_ns
            return changed_at, Keyring(parse_masters(self._path.read_text(), str(self._path)))
        except OSError as error:
            raise InvalidConfig(str(self._path), "master_key", f"a readable file: {error}") from error


def open_keys(text: str | None, path: Path | None) -> Keys | None:
    """Return the keys that the environment gives, else those of the file; None without either. Raises InvalidConfig."""
    if text:
        return Keyring(parse_masters(text, "HITL_MASTER_KEY"))
    return FileKeyring(path) if path else None
