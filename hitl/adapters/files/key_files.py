"""The wrapped keys of archived cases, a file for each segment, on any fsspec file system.

cases-keys/intake-<p>/<segment>-<digest>.keys   hitl.sealing.key_files; the store has its digest and the key that opens it
"""

from functools import partial
from typing import NamedTuple

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs

FOLDER, SUFFIX = "cases-keys", ".keys"
SHOWN = 12
"""Characters of the digest in a name: a file never changes, another one takes its place."""

NO_KEYS = "-"
"""What the store has of a segment whose cases have no keys, or none any more."""


class KeyFile(NamedTuple):
    """The file of ``segment``: the SHA-256 of its bytes, and in hexadecimal the key that opens it."""

    segment: str
    digest: str
    own: str

    @classmethod
    def from_stored(cls, segment: str, stored: str) -> "KeyFile | None":
        """Return the file that the store's list has as ``stored``; None for a segment without keys."""
        digest, _, own = stored.partition(" ")
        return None if stored == NO_KEYS else cls(segment, digest, own)

    @property
    def stored(self) -> str:
        """What the store's list has of it."""
        return f"{self.digest} {self.own}"

    def place(self, partition: int) -> str:
        """Return where it is, below the archive."""
        return f"{FOLDER}/intake-{partition}/{self.segment}-{self.digest[:SHOWN]}{SUFFIX}"


class KeyFiles:
    """Those of ``partition`` below ``uri``. Every method raises StoreUnavailable."""

    def __init__(self, uri: str, partition: int) -> None:
        self._blobs, self._partition = open_blobs(uri), partition

    async def write(self, file: KeyFile, data: bytes) -> None:
        await in_thread(partial(self._blobs.write, file.place(self._partition), data))

    async def read(self, file: KeyFile) -> bytes:
        return await in_thread(partial(self._blobs.read, file.place(self._partition)))

    async def remove(self, file: KeyFile) -> None:
        """Harmless for one that is not there."""
        await in_thread(partial(self._blobs.remove, file.place(self._partition)))
