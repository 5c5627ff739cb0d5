"""What a client is told of a file that was taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileHandle:
    """The name of a file in the ``features`` of a case. ``sha256`` and ``bytes`` are the file's, ``type`` is what its first bytes
    say; ``pages`` are there for a document, ``duration_ms`` for a recording. ``key`` is opaque: only the account that brought the
    file can use it, for cases of the same task."""

    sha256: str
    type: str
    bytes: int
    key: str
    pages: int = 0
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that is stored. Cases may name ``blob`` for a day; a file that none names then is removed."""

    blob: FileHandle
