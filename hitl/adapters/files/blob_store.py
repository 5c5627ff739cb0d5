"""The store of files that come with cases, in a directory or on any fsspec file system. Calls block; use a thread in asyncio.

A blob has a folder of its own, ``<day>/<name>``: ``bytes`` is what is sealed of it, and each case that names it has an empty
file there, written before the case is stored. So the store itself says what nobody names; no case has to be opened for it.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from hitl.adapters.files.blobs import open_blobs
from hitl.blobs.names import BlobName
from hitl.errors import StorageFull, StoreUnavailable

BYTES, SWEPT = "bytes", "swept"
DAY, NAME = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), re.compile(r"[0-9a-f]{32}")
"""Whatever else lies in the folder is left alone."""

FULL = (errno.ENOSPC, errno.EDQUOT)


class BlobStore:
    """``uri`` is a path, ``file://…`` or an fsspec URI. Safe for any number of writers and readers: bytes never change."""

    def __init__(self, uri: str) -> None:
        self._blobs = open_blobs(uri)

    def put(self, name: BlobName, sealed: bytes) -> None:
        """Store ``sealed`` durably. Raises StorageFull, StoreUnavailable."""
        with _reported():
            self._blobs.write(f"{_folder(name)}/{BYTES}", sealed)

    def get(self, name: BlobName) -> bytes | None:
        """None: it was removed. Raises StoreUnavailable."""
        with _reported():
            try:
                return self._blobs.read(f"{_folder(name)}/{BYTES}")
            except FileNotFoundError:
                return None

    def claim(self, name: BlobName, case_id: str, may_be_new: bool = True) -> bool:
        """Note that a case names the blob; False where its bytes are not there, or the case is a new one and none may be. Raises
        StorageFull, StoreUnavailable."""
        with _reported():
            found = self._blobs.names(_folder(name))
            if BYTES not in found or case_id in found:
                return BYTES in found
            if not may_be_new:
                return False
            self._blobs.write(f"{_folder(name)}/{case_id}", b"")
            if BYTES in self._blobs.names(_folder(name)):
                return True
            self._blobs.remove_folder(_folder(name))  # it was removed meanwhile: the note alone would stay for ever
            return False

    def release(self, name: BlobName, case_id: str) -> bool:
        """Note that a case is gone; the last one takes the bytes along. Returns whether it was noted: a case that never claimed
        the blob takes nothing away. Raises StoreUnavailable."""
        with _reported():
            found = self._blobs.names(_folder(name))
            if case_id not in found:
                return False
            if _others(found, case_id):
                self._blobs.remove(f"{_folder(name)}/{case_id}")
                found = self._blobs.names(_folder(name))
            if not _others(found, case_id):
                self._blobs.remove(f"{_folder(name)}/{BYTES}")  # first: what a crash leaves is a note, for the next try
                self._blobs.remove_folder(_folder(name))
            return True

    def days(self) -> list[str]:
        """Return the UTC days of which blobs are kept, oldest first. Raises StoreUnavailable."""
        with _reported():
            return [each for each in self._blobs.names("") if DAY.fullmatch(each)]

    def names(self, day: str) -> list[BlobName]:
        """Return the blobs of a day. Raises StoreUnavailable."""
        with _reported():
            return [BlobName(each) for each in self._blobs.names(day) if NAME.fullmatch(each)]

    def cases(self, name: BlobName) -> list[str]:
        """Return the ids of the cases that name the blob, or were about to. Raises StoreUnavailable."""
        with _reported():
            return [each for each in self._blobs.names(_folder(name)) if each != BYTES]

    def places(self) -> Iterator[str]:
        """Yield where every file of the store is: bytes and notes. Raises StoreUnavailable."""
        for day in self.days():
            for name in self.names(day):
                yield from (f"{_folder(name)}/{each}" for each in [BYTES, *self.cases(name)])

    def remove(self, name: BlobName) -> None:
        """Remove the bytes, and what is noted beside them. Raises StoreUnavailable."""
        with _reported():
            self._blobs.remove_folder(_folder(name))

    def is_swept(self, day: str) -> bool:
        """Tell whether every blob that is left of a day is named by a case. Raises StoreUnavailable."""
        with _reported():
            return SWEPT in self._blobs.names(day)

    def note_swept(self, day: str) -> None:
        """Remember that ``day`` was swept, or remove its folder where nothing is left in it. Raises StorageFull,
        StoreUnavailable."""
        with _reported():
            if self._blobs.names(day):
                self._blobs.write(f"{day}/{SWEPT}", b"")
            else:
                self._blobs.remove_folder(day)


def _others(found: list[str], case_id: str) -> list[str]:
    return [each for each in found if each not in (BYTES, case_id)]


def _folder(name: BlobName) -> str:
    return f"{name.day}/{name.text}"


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull("files of cases") from error
        raise StoreUnavailable(f"files of cases: {error}") from error
