"""Bytes under their own SHA-256: models and data sets, in a directory or in any store that fsspec knows."""

import os
import tempfile
from pathlib import Path
from typing import Any, Protocol

import fsspec

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, StoreUnavailable

HEX_LENGTH = 64


class ArtifactStore:
    """``uri`` is a path, ``file://…`` or an fsspec URI (``s3://bucket/prefix``). Safe for any number of writers and
    readers: a name's bytes never change. Blocks; use a thread in asyncio."""

    def __init__(self, uri: str) -> None:
        self._blobs: _Blobs = _remote(uri) if "://" in uri and not uri.startswith("file://") else _Folder(uri)

    def put(self, data: bytes) -> str:
        """Store ``data`` durably; returns its digest. Storing the same bytes again changes nothing."""
        digest = digest_of(data)
        try:
            self._blobs.write(_place(digest), data)
        except OSError as error:
            raise StoreUnavailable(f"artifacts: {error}") from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of ``digest``. Raises ArtifactRejected when there are none or they are not the named ones."""
        if len(digest) != HEX_LENGTH or not set(digest) <= set("0123456789abcdef"):
            raise ArtifactRejected(digest, "not a SHA-256")
        try:
            data = self._blobs.read(_place(digest))
        except FileNotFoundError as error:
            raise ArtifactRejected(digest, "not in the store") from error
        except OSError as error:
            raise StoreUnavailable(f"artifacts: {error}") from error
        if digest_of(data) != digest:
            raise ArtifactRejected(digest, "the stored bytes have another digest")
        return data


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


class _Blobs(Protocol):
    """``write`` is atomic: a reader sees all of the bytes or none; ``read`` raises FileNotFoundError or another OSError."""

    def write(self, place: str, data: bytes) -> None: ...

    def read(self, place: str) -> bytes: ...


class _Folder:
    def __init__(self, uri: str) -> None:
        self._root = Path(uri.removeprefix("file://"))

    def write(self, place: str, data: bytes) -> None:
        target = self._root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync_directory(target.parent)

    def read(self, place: str) -> bytes:
        return (self._root / place).read_bytes()


class _Remote:
    def __init__(self, files: Any, root: str) -> None:
        self._files, self._root = files, root.rstrip("/")

    def write(self, place: str, data: bytes) -> None:
        self._files.pipe_file(f"{self._root}/{place}", data)

    def read(self, place: str) -> bytes:
        return bytes(self._files.cat_file(f"{self._root}/{place}"))


def _remote(uri: str) -> _Remote:
    files, root = fsspec.core.url_to_fs(uri)
    return _Remote(files, root)


def _sync_directory(path: Path) -> None:
    """A renamed file survives a power failure only when its directory was synced too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
